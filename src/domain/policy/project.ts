/**
 * Projects: from where, to where and with which kinds the applications of one project may work.
 */
import { GitOpsError } from '../errors.js';
import { nearest } from '../nearest.js';
import type { ObjectReference } from '../object.js';
import type { SyncWindow } from '../sync-window.js';
import { allowedBy, globMatches } from './glob.js';
import { groupKind, kindMatches } from './kinds.js';
import type { Policy, Violation } from './policy.js';

export interface ProjectDestination {
  readonly cluster: string;
  readonly namespace: string;
}

export interface KindRules {
  /** Undefined: all that are not denied. */
  readonly allow?: readonly string[] | undefined;
  readonly deny?: readonly string[] | undefined;
}

export interface Project {
  readonly name: string;
  /** Patterns of repository URLs, `!` before those that are not; undefined: any. */
  readonly sources?: readonly string[] | undefined;
  readonly destinations?: readonly ProjectDestination[] | undefined;
  readonly clusterKinds: KindRules;
  readonly namespaceKinds: KindRules;
  readonly policies: readonly Policy[];
  /** When its applications may be synced. */
  readonly windows?: readonly SyncWindow[];
}

const nobody: KindRules = { allow: [] };
const rbac = 'rbac.authorization.k8s.io/*';

/** The project of applications that name none, unless the configuration has a `default` of its own. */
export function defaultProject(mode: 'development' | 'production'): Project {
  const open = { name: 'default', clusterKinds: {}, namespaceKinds: {}, policies: [] };
  return mode === 'development' ? open : { ...open, clusterKinds: nobody, namespaceKinds: { deny: [rbac] } };
}

/** All that the operator demands of applications. */
export interface Governance {
  readonly policies: readonly Policy[];
  readonly projects: ReadonlyMap<string, Project>;
}

export const ungoverned: Governance = { policies: [], projects: new Map([['default', defaultProject('development')]]) };

/** @throws GitOpsError UnknownProject */
export function projectOf({ projects }: Governance, name = 'default'): Project {
  const project = projects.get(name);
  if (project !== undefined) return project;
  const names = [...projects.keys()];
  const near = nearest(name, names);
  throw new GitOpsError('UnknownProject', `there is no project '${name}'`, {
    hint: near === undefined ? `projects: ${names.join(', ')}` : `did you mean '${near}'?`,
  });
}

export interface Place {
  /** Normalised URLs of the repositories, as far as known. */
  readonly repositories?: readonly string[] | undefined;
  readonly cluster: string;
  readonly namespace?: string | undefined;
}

/** Whether the project lets an application come from there and go there. @throws GitOpsError ProjectDenied */
export function requirePlace(project: Project, { repositories = [], cluster, namespace }: Place): void {
  const { name, sources = ['**'], destinations } = project;
  const foreign = repositories.find((repository) => !allowedBy(sources.map(withoutSuffix), repository));
  if (foreign !== undefined)
    throw denied(`project ${name} does not allow the repository ${foreign}`, `its sources: ${sources.join(', ')}`);
  if (allowsDestination(project, cluster, namespace)) return;
  const place = namespace === undefined ? `cluster ${cluster}` : `namespace ${namespace} of cluster ${cluster}`;
  const allowed = (destinations ?? []).map((d) => `${d.cluster}/${d.namespace}`);
  throw denied(`project ${name} does not allow ${place}`, `its destinations: ${allowed.join(', ')}`);
}

function denied(message: string, hint: string): GitOpsError {
  return new GitOpsError('ProjectDenied', message, { hint });
}

/** URLs are kept without it, but for files. */
function withoutSuffix(pattern: string): string {
  return pattern.includes('file:') ? pattern : pattern.replace(/\.git$/, '');
}

function allowsDestination({ destinations }: Project, cluster: string, namespace: string | undefined): boolean {
  if (destinations === undefined) return true;
  return destinations.some(
    (d) => globMatches(d.cluster, cluster) && (namespace === undefined || globMatches(d.namespace, namespace)),
  );
}

/** An object of the set; `cluster` is where it goes. */
export interface PlacedObject {
  readonly reference: ObjectReference;
  readonly cluster: string;
  readonly source?: string | undefined;
}

/** What of an object its project does not allow: its namespace, its kind. */
export function projectViolations(project: Project, object: PlacedObject): Violation[] {
  const { reference, cluster, source } = object;
  const { namespace } = reference;
  const found = (rule: string, field: string, message: string): Violation => ({
    policy: `project ${project.name}`,
    rule,
    action: 'enforce',
    reference,
    field,
    message,
    ...(source === undefined ? {} : { source }),
  });
  if (namespace === undefined)
    return allowsKind(project.clusterKinds, reference)
      ? []
      : [
          found(
            'cluster_kinds',
            'kind',
            `${groupKind(reference)} is cluster-scoped, and the project does not allow it`,
          ),
        ];
  const wrongKind = allowsKind(project.namespaceKinds, reference)
    ? []
    : [found('namespace_kinds', 'kind', `the project does not allow ${groupKind(reference)}`)];
  if (allowsDestination(project, cluster, namespace)) return wrongKind;
  const message = `the project does not allow namespace ${namespace} of cluster ${cluster}`;
  return [...wrongKind, found('destinations', 'metadata.namespace', message)];
}

function allowsKind({ allow, deny = [] }: KindRules, reference: ObjectReference): boolean {
  const isIn = (patterns: readonly string[]): boolean => patterns.some((pattern) => kindMatches(pattern, reference));
  return !isIn(deny) && (allow === undefined || isIn(allow));
}
