/**
 * What the metadata of an object tells of drift, without its content.
 *
 * Server-side apply keeps, for each manager, which fields it owns. Whoever gives one of our fields another value, or
 * removes it, takes it out of our entry; an object that was made anew has another uid. So as long as uid and entry stay
 * as they are, what we applied is still there. An object of which we do not own all that we want (a value that somebody
 * else set to what it should be) may change without our entry: for it any change counts.
 */
import { canonicalJson } from '../canonical-json.js';
import type { Sha256 } from '../identity.js';
import { tracking, type KubernetesObject } from '../object.js';

/** Text; equal as long as nothing of ours can have changed. */
export type Fingerprint = string;

type WithMetadata = Pick<KubernetesObject, 'metadata'>;

/** @param unowned it has fields that we want and do not own */
export function fingerprintOf({ metadata }: WithMetadata, sha256: Sha256, unowned = false): Fingerprint {
  const ours = ownedFields({ metadata });
  const { uid = '', resourceVersion = '' } = metadata;
  if (unowned || ours === undefined) return `${uid} at ${resourceVersion}`;
  return `${uid} owns ${sha256(ours).slice(0, 16)}`;
}

/** Whether the fingerprint was taken of an object whose every change counts. */
export function countsEveryChange(fingerprint: Fingerprint): boolean {
  return fingerprint.includes(' at ');
}

/** Whether a dry-run apply would make fields ours that are not, although no value changes. */
export function ownsLess(live: WithMetadata, applied: WithMetadata): boolean {
  return ownedFields(live) !== ownedFields(applied);
}

/** Undefined when the object has no entry of ours. */
function ownedFields({ metadata: { managedFields = [] } }: WithMetadata): string | undefined {
  const ours = managedFields.filter(
    ({ manager, operation, subresource }) =>
      manager === tracking.fieldManager && operation === 'Apply' && subresource === undefined,
  );
  return ours.length === 0 ? undefined : canonicalJson(ours.map((entry) => entry.fieldsV1 ?? null));
}
