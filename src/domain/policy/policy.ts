/**
 * What a policy is, whichever way it was written: which objects it is about, and rules that each answer with what is
 * wrong. Policies are compiled where they are used; what is stored of them is their text.
 */
import type { KubernetesObject, ObjectReference } from '../object.js';

/** `enforce` refuses the sync before its first write; `warn` is shown. */
export type PolicyAction = 'enforce' | 'warn';
export type PolicyOperation = 'CREATE' | 'UPDATE' | 'DELETE';
/** The operator's count for deletions too; those of a repository can only add to the operator's. */
export type PolicyOrigin = 'operator' | 'repository';

/** One object about to change. */
export interface PolicyRequest {
  readonly operation: PolicyOperation;
  readonly reference: ObjectReference;
  /** As the server would make it; null on DELETE. */
  readonly object: KubernetesObject | null;
  /** As it is live; null on CREATE. */
  readonly oldObject: KubernetesObject | null;
  /** The Namespace it is in, as far as known. */
  readonly namespaceObject: KubernetesObject | null;
  /** `file:line` of the manifest. */
  readonly source?: string;
}

export interface Complaint {
  /** Path such as `spec.template.spec.containers[0].image`; empty for the whole object. */
  readonly field: string;
  readonly message: string;
  /** The policy could not be evaluated: what it reads is not there, which a server's defaults may mend. */
  readonly raised?: true;
}

export interface PolicyRule {
  readonly name: string;
  check(request: PolicyRequest): readonly Complaint[];
}

export interface Policy {
  readonly name: string;
  /** `file:line` where it is written. */
  readonly source: string;
  readonly action: PolicyAction;
  readonly origin: PolicyOrigin;
  readonly rules: readonly PolicyRule[];
  /** Whether it asks for labels of Namespaces, or for the Namespace itself. */
  readonly needsNamespace: boolean;
  /** Also those it cannot judge: a complaint says so. */
  applies(request: PolicyRequest): boolean | Complaint;
}

export interface Violation extends Complaint {
  readonly policy: string;
  readonly rule: string;
  readonly action: PolicyAction;
  readonly reference: ObjectReference;
  readonly source?: string;
}
