/**
 * Objects that cannot be applied: one error for a sync, an entry each in the conflicts of a diff.
 */
import type { FoundConflict } from '../domain/diff/report.js';
import { GitOpsError, type ErrorCode } from '../domain/errors.js';
import { redact } from '../domain/redaction.js';
import type { KubernetesObject, ObjectReference } from '../domain/object.js';

export interface Refusal {
  readonly error: GitOpsError;
  readonly reference: ObjectReference;
  /** As the manifest has it. */
  readonly object: KubernetesObject;
}

const permissions: ReadonlySet<ErrorCode> = new Set(['Forbidden', 'ClusterAuthentication']);

/** Masked: a server quotes what it refuses, and conflicts go into histories. */
export function refusalConflict({ error, reference, object }: Refusal): FoundConflict {
  return {
    reference,
    type: permissions.has(error.code) ? 'permission' : 'validation',
    description: redact(error.message),
    before: undefined,
    after: object,
    ...(error.hint === undefined ? {} : { hint: redact(error.hint) }),
  };
}

const shown = 5;

/** One error for all of them, in an order of its own as the answers come in any; its code is theirs when they agree. */
export function allRefused(refused: readonly GitOpsError[], total: number): GitOpsError {
  const [first] = refused;
  const same = refused.every((e) => e.code === first?.code);
  const lines = refused.map((e) => e.message).sort();
  lines.splice(shown);
  if (refused.length > shown) lines.push(`and ${refused.length - shown} more`);
  const head = `${refused.length} of ${total} objects cannot be applied; nothing was written`;
  return new GitOpsError(same && first ? first.code : 'ObjectInvalid', `${head}:\n  ${lines.join('\n  ')}`, {
    ...(first?.hint === undefined ? {} : { hint: first.hint }),
  });
}
