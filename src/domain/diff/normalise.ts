/**
 * An object without what the server writes: what is left is what a person would put into git.
 */
import type { KubernetesObject } from '../object.js';

const serverMetadata = [
  'managedFields',
  'resourceVersion',
  'generation',
  'uid',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'selfLink',
];

/** A copy that shares all it keeps with the original. */
export function normalise(object: KubernetesObject): KubernetesObject {
  const { status: _status, ...rest } = object;
  const metadata = Object.fromEntries(Object.entries(object.metadata).filter(([key]) => !serverMetadata.includes(key)));
  return { ...rest, metadata: withoutEmptyMaps(metadata) } as KubernetesObject;
}

/** An empty map of labels or annotations and none at all are the same thing. */
function withoutEmptyMaps(metadata: Record<string, unknown>): Record<string, unknown> {
  const isEmpty = (value: unknown): boolean =>
    typeof value === 'object' && value !== null && Object.keys(value).length === 0;
  return Object.fromEntries(Object.entries(metadata).filter(([, value]) => !isEmpty(value)));
}
