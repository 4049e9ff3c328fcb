/**
 * The operator's policies and projects, from `config.yaml` and the files it names. Read once, when a worker starts: a
 * policy that cannot be read keeps it from starting.
 */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { policyDocuments, readPolicyTexts } from '../adapters/policy/policy-documents.js';
import { GitOpsError } from '../domain/errors.js';
import { compilePolicies } from '../domain/policy/compile.js';
import type { FieldPath, PolicyDocument } from '../domain/policy/document.js';
import type { Policy } from '../domain/policy/policy.js';
import { defaultProject, type Governance, type KindRules, type Project } from '../domain/policy/project.js';
import { inlinePolicy } from '../domain/policy/short-form.js';
import type { SyncWindow } from '../domain/sync-window.js';
import { syncWindowsFrom } from '../schema/sync-windows.js';
import type { Config } from './config.js';
import type { PolicySources, ProjectConfig } from './policy-schema.js';

/** @throws GitOpsError InvalidPolicy with file and line */
export function loadGovernance({
  mode,
  policies,
  projects,
  file,
}: Pick<Config, 'mode' | 'policies' | 'projects' | 'file'>): Governance {
  const known = Object.entries(projects).map(([name, project]) => [name, projectFrom(name, project, file)] as const);
  return {
    policies: policiesFrom(policies, ['policies'], file),
    projects: new Map([['default', defaultProject(mode)], ...known]),
  };
}

function policiesFrom(sources: PolicySources | undefined, path: FieldPath, file: string): Policy[] {
  if (sources === undefined) return [];
  const list = typeof sources === 'string' ? [sources] : sources;
  const texts = list
    .filter((entry) => typeof entry === 'string')
    .flatMap((p) => readPolicyTexts(resolve(dirname(file), p)));
  const documents = texts.flatMap((text) => policyDocuments(text, 'operator'));
  const inline = list.flatMap((entry, i) =>
    typeof entry === 'string' ? [] : [inlinePolicy(configDocument(file), [...path, i], entry)],
  );
  return [...compilePolicies(documents), ...inline];
}

function configDocument(file: string): PolicyDocument {
  const [document] = policyDocuments({ file, text: readFileSync(file, 'utf8') }, 'operator');
  return document ?? { value: {}, origin: 'operator', at: () => `${file}:1` };
}

function projectFrom(name: string, config: ProjectConfig, file: string): Project {
  const { sources, destinations, allow_cluster_scoped: allScopes, cluster_kinds, namespace_kinds, policies } = config;
  const windows = windowsFrom(name, config, file);
  return {
    name,
    sources,
    destinations: destinations?.map(({ cluster = '*', namespace = '*' }) => ({ cluster, namespace })),
    clusterKinds: clusterKinds(allScopes, cluster_kinds),
    namespaceKinds: namespace_kinds ?? {},
    policies: policiesFrom(policies, ['projects', name, 'policies'], file),
    ...(windows.length === 0 ? {} : { windows }),
  };
}

function windowsFrom(name: string, { sync_windows = [] }: ProjectConfig, file: string): readonly SyncWindow[] {
  try {
    return syncWindowsFrom(sync_windows);
  } catch (error) {
    if (!(error instanceof GitOpsError)) throw error;
    const hint = error.hint === undefined ? {} : { hint: error.hint };
    throw new GitOpsError('InvalidConfig', `${file}: projects.${name}: ${error.message}`, hint);
  }
}

/** None, unless the project says which, or all. */
function clusterKinds(all: boolean | undefined, rules: KindRules | undefined): KindRules {
  if (rules?.allow !== undefined || all === true) return rules ?? {};
  return { ...rules, allow: [] };
}
