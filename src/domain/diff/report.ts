/**
 * What `gitops.generate_diff` returns (lua-api.md 2.3): scripts, JSON and people see these names, hence the underscores.
 */
import { shortName, type KubernetesObject, type ObjectReference } from '../object.js';
import { describeViolation } from '../policy/evaluate.js';
import type { Violation } from '../policy/policy.js';
import type { Digest } from '../digest.js';
import { impactOf, reasonOf, type Change, type ChangeType, type Impact } from './impact.js';
import { maskPair } from './mask.js';
import { normalise } from './normalise.js';
import { suggestionsFor, type ConflictFacts, type ConflictType } from './suggestions.js';
import { summarise, type DiffSummary } from './summary.js';
import { toYaml, unifiedText } from './unified-text.js';

export interface DiffReport {
  readonly workflow_id: string;
  /** RFC 3339 UTC. */
  readonly generated_at: string;
  /** Commit; empty when the set came from elsewhere (a rollback, a deletion). */
  readonly revision: string;
  readonly plan_digest: Digest;
  readonly summary: DiffSummary;
  readonly changes: readonly ReportedChange[];
  readonly conflicts: readonly ReportedConflict[];
  readonly warnings: readonly string[];
  /** What policies and the project have to say of each object. */
  readonly policy: readonly ReportedViolation[];
}

export interface ReportedViolation {
  readonly policy: string;
  readonly rule: string;
  readonly action: 'enforce' | 'warn';
  /** `Kind/name` */
  readonly resource: string;
  readonly namespace: string;
  readonly field: string;
  readonly message: string;
  /** `file:line` of the manifest; empty when it is not known. */
  readonly source: string;
}

export interface ReportedChange {
  readonly type: ChangeType;
  /** `Kind/name` */
  readonly resource: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  /** Empty for cluster-scoped objects. */
  readonly namespace: string;
  readonly impact: Impact;
  /** Unified text, Secret values masked. */
  readonly diff: string;
  /** YAML; empty when there is none. */
  readonly current_state: string;
  readonly desired_state: string;
  /** The update deletes the object and creates it anew. */
  readonly recreated?: true;
}

export interface ReportedConflict {
  readonly resource: string;
  readonly type: ConflictType;
  readonly description: string;
  /** Whose it is: field managers, or an application. Empty when nobody is in the way. */
  readonly owner: string;
  /** The fields in question, as the server writes them: `.spec.replicas`. */
  readonly fields: readonly string[];
  readonly current_state: string;
  readonly desired_state: string;
  readonly suggestions: readonly string[];
}

/** One change as the planner found it; `after` is what the server made of it in the dry run. */
export interface FoundChange extends Change {
  readonly reference: ObjectReference;
}

export interface FoundConflict extends ConflictFacts {
  readonly description: string;
  readonly before: KubernetesObject | undefined;
  readonly after: KubernetesObject | undefined;
}

export interface Findings {
  readonly changes: readonly FoundChange[];
  /** What each hook will be when it is made: no change of the application, but policies are asked about it. */
  readonly hooks?: readonly FoundChange[];
  readonly conflicts: readonly FoundConflict[];
  /** What the planner itself has to say, for example that an object is adopted. */
  readonly notes: readonly string[];
  /** Objects that the application has once the plan is carried out. */
  readonly remaining: number;
  readonly violations?: readonly Violation[];
}

export interface ReportHead {
  readonly app: string;
  readonly revision: string;
  readonly planDigest: Digest;
  /** ms since 1970 */
  readonly now: number;
}

export function diffReport({ app, revision, planDigest, now }: ReportHead, findings: Findings): DiffReport {
  const changes = findings.changes.map(reportChange);
  const conflicts = findings.conflicts.map(reportConflict);
  const warnings = warningsOf(findings);
  return {
    workflow_id: app,
    generated_at: new Date(now).toISOString(),
    revision,
    plan_digest: planDigest,
    summary: summarise(changes, conflicts.length, warnings.length),
    changes,
    conflicts,
    warnings,
    policy: (findings.violations ?? []).map(reportViolation),
  };
}

function reportViolation({
  policy,
  rule,
  action,
  reference,
  field,
  message,
  source = '',
}: Violation): ReportedViolation {
  const { namespace = '' } = reference;
  return { policy, rule, action, resource: shortName(reference), namespace, field, message, source };
}

function reportChange(change: FoundChange): ReportedChange {
  const { apiVersion, kind, name, namespace = '' } = change.reference;
  const [current_state, desired_state] = states(change);
  const resource = shortName(change.reference);
  const text = unifiedText(resource, current_state, desired_state);
  const diff = change.recreated ? `# ${resource} will be deleted and created anew\n${text}` : text;
  return {
    type: change.type,
    resource,
    apiVersion,
    kind,
    name,
    namespace,
    impact: impactOf(change),
    diff,
    current_state,
    desired_state,
    ...(change.recreated ? { recreated: true as const } : {}),
  };
}

function reportConflict(conflict: FoundConflict): ReportedConflict {
  const [current_state, desired_state] = states(conflict);
  const { type, description, fields = [], owner = '' } = conflict;
  return {
    resource: shortName(conflict.reference),
    type,
    description,
    owner: fields.length === 0 ? owner : [...new Set(fields.map((f) => f.manager))].join(', '),
    fields: fields.map((f) => f.field),
    current_state,
    desired_state,
    suggestions: suggestionsFor(conflict),
  };
}

function states({ before, after }: Pick<Change, 'before' | 'after'>): [string, string] {
  const [current, desired] = maskPair(before && normalise(before), after && normalise(after));
  return [toYaml(current), toYaml(desired)];
}

const manyConflicts = 3;
const manyDeletions = 5;

function warningsOf({ changes, conflicts, notes, remaining, violations = [] }: Findings): string[] {
  const grave = changes
    .map((change) => ({ change, impact: impactOf(change) }))
    .filter(({ impact }) => impact === 'high' || impact === 'critical');
  const warnings = grave.map(({ change, impact }) => {
    return `${impact === 'high' ? 'High' : 'Critical'}-impact change: ${change.type} ${shortName(change.reference)} (${reasonOf(change)})`;
  });
  const deletions = changes.filter((c) => c.type === 'delete').length;
  if (conflicts.length > manyConflicts)
    warnings.push(`${conflicts.length} conflicts: look at each before you force any`);
  if (deletions > manyDeletions) warnings.push(`${deletions} objects are deleted`);
  if (deletions > 0 && remaining === 0) warnings.push('Nothing is left of the application after this change');
  const warned = violations.filter(({ action }) => action === 'warn').map(describeViolation);
  return [...notes, ...warned, ...warnings];
}
