/**
 * What the metadata of an object tells of drift, without its content.
 *
 * Server-side apply keeps, for each manager, which fields it owns. Whoever gives one of our fields another value, or
 * removes it, takes it out of our entry; an object that was made anew has another uid. So as long as uid and entry stay
 * as they are, what we applied is still there. Where that is not enough, more is watched.
 */
import { canonicalJson } from '../canonical-json.js';
import type { Sha256 } from '../identity.js';
import { tracking, type KubernetesObject, type ManagedFieldsEntry } from '../object.js';

/** Text; equal as long as nothing that is watched can have changed. */
export type Fingerprint = string;

/**
 * `ours`: our fields. `owners`: who owns which field, for an object of which a field is left to its owner: another owner
 * may not have that right. `all`: any change, for an object that differs, or of which we want more than we own (a value
 * that somebody else set to what it should be).
 */
export type Watch = 'ours' | 'owners' | 'all';

type WithMetadata = Pick<KubernetesObject, 'metadata'>;

const isOurs = ({ manager, operation, subresource }: ManagedFieldsEntry): boolean =>
  manager === tracking.fieldManager && operation === 'Apply' && subresource === undefined;

/** An object without an entry of ours is watched as a whole. */
export function fingerprintOf({ metadata }: WithMetadata, sha256: Sha256, watch: Watch = 'ours'): Fingerprint {
  const { uid = '', resourceVersion = '', managedFields = [] } = metadata;
  if (watch === 'all' || !managedFields.some(isOurs)) return `${uid} all ${resourceVersion}`;
  const watched = managedFields.filter(watch === 'ours' ? isOurs : isOfTheObject);
  return `${uid} ${watch} ${sha256(fieldsOf(watched)).slice(0, 16)}`;
}

export function watchOf(fingerprint: Fingerprint): Watch {
  const [, watch] = fingerprint.split(' ');
  return watch === 'all' || watch === 'owners' ? watch : 'ours';
}

/** Whether a dry-run apply would make fields ours that are not, although no value changes. */
export function ownsLess(live: WithMetadata, applied: WithMetadata): boolean {
  const ours = ({ metadata }: WithMetadata): string => fieldsOf((metadata.managedFields ?? []).filter(isOurs));
  return ours(live) !== ours(applied);
}

/** The status is nobody's wish. */
function isOfTheObject({ subresource }: ManagedFieldsEntry): boolean {
  return subresource !== 'status';
}

/** Without times, and in an order of its own. */
function fieldsOf(entries: readonly ManagedFieldsEntry[]): string {
  const fields = entries.map(({ manager, operation, fieldsV1 }) =>
    canonicalJson([manager, operation, fieldsV1 ?? null]),
  );
  return fields.sort().join('\n');
}
