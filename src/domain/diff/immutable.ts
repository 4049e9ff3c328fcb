/**
 * Refusals that say that a field cannot be changed in place: only deleting the object and creating it anew helps.
 */
import { GitOpsError, type GitOpsErrorOptions } from '../errors.js';
import { groupOf, type KubernetesObject } from '../object.js';

/** Why the server refuses an object: a field of it (empty: unknown) and the reason. */
export interface RefusalCause {
  readonly field: string;
  readonly message: string;
}

/** An ObjectInvalid that still knows its causes; over a process boundary only the message remains. */
export class InvalidObjectError extends GitOpsError {
  constructor(
    message: string,
    readonly causes: readonly RefusalCause[],
    options: GitOpsErrorOptions = {},
  ) {
    super('ObjectInvalid', message, options);
  }
}

/** How the API server words it, kind by kind; a plain validation error must never match. */
const wordings: readonly RegExp[] = [
  /field is immutable/i,
  /may not (?:be changed|change once set)/i,
  /cannot change roleRef/i,
  /is immutable after creation/i,
  /updates to [\w./ ]+ are forbidden/i,
  /updates to \w+ spec for fields other than/i,
  /pod updates may not change fields other than/i,
  /provisioner is immutable/i,
];

/** The fields whose refusal names immutability, empty when none does. */
export function immutableFields(error: unknown): readonly string[] {
  if (!(error instanceof InvalidObjectError)) return [];
  const causes = error.causes.filter(({ message }) => wordings.some((wording) => wording.test(message)));
  return [...new Set(causes.map(({ field }) => field || 'a field of it'))];
}

/** Objects whose deletion takes along what no manifest brings back: never recreated because an application said so. */
const dataBearing: ReadonlySet<string> = new Set(['/PersistentVolumeClaim', '/PersistentVolume', '/Secret']);
/** And these not even when the object itself says so: all inside goes with them. */
const containers: ReadonlySet<string> = new Set(['/Namespace', 'apiextensions.k8s.io/CustomResourceDefinition']);

/** @param saidByObject whether the object's own annotation asked for it */
export function mayRecreate({ apiVersion, kind }: KubernetesObject, saidByObject: boolean): boolean {
  const what = `${groupOf(apiVersion)}/${kind}`;
  return !containers.has(what) && (saidByObject || !dataBearing.has(what));
}

/** What to write so that it may happen. */
export const recreateHint =
  'annotate the object with sloth-runner.dev/force: "true" to let a sync delete it and create it anew, or give it a new name';

/** The refusal with its fields named, and the way to allow it. */
export function immutableRefusal(error: GitOpsError, fields: readonly string[]): GitOpsError {
  const causes = error instanceof InvalidObjectError ? error.causes : [];
  return new InvalidObjectError(`${error.message} (${fields.join(', ')} cannot be changed in place)`, causes, {
    hint: recreateHint,
  });
}
