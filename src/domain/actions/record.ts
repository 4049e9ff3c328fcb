/**
 * What is kept of a resource action: who asked for what, of which object, and what changed. Names of fields, never
 * values.
 */
import type { ResourceAction } from './action.js';
import type { ActionChange } from './action-plan.js';
import { describeReference, type ObjectReference } from '../object.js';

export interface ActionRequest {
  /** As it was named, see resource-selection.ts. */
  readonly resource: string;
  readonly action: string;
  readonly params: Readonly<Record<string, string>>;
  readonly who: string;
}

export interface ActionRecord {
  /** Workflow id. */
  readonly id: string;
  readonly app: string;
  readonly action: string;
  readonly object: ObjectReference;
  readonly params: Readonly<Record<string, string>>;
  readonly who: string;
  /** RFC 3339 UTC. */
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly changes: readonly ActionChange[];
  readonly warnings: readonly string[];
  readonly message: string;
}

/** One row of the list: an action of an object, or why its actions are not known. */
export interface ListedAction extends Partial<ResourceAction> {
  readonly object: ObjectReference;
  readonly error?: string;
}

/** `patch Deployment shop/web: .spec.replicas; create Job shop/report-1` */
export function describeChanges(changes: readonly ActionChange[]): string {
  return changes.length === 0 ? 'nothing to change' : changes.map(describeChange).join('; ');
}

export function describeChange({ operation, object, fields = [] }: ActionChange): string {
  const what = `${operation} ${describeReference(object)}`;
  return fields.length === 0 ? what : `${what}: ${fields.join(', ')}`;
}

/** What becomes of a field that git has a say in. */
export function warnOfGit(fields: readonly string[], selfHeal: boolean): string[] {
  const who = selfHeal ? 'self-heal' : 'a sync';
  return fields.map((field) => `${field}: git says otherwise; ${who} will put it back`);
}
