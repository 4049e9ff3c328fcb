/**
 * Secret values as people may see them: `***`, or `*** (before)` and `*** (after)` where they differ.
 */
import { keyOf, referenceOf, type KubernetesObject } from '../object.js';

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';
const valueFields = ['data', 'stringData'] as const;

type Values = Readonly<Record<string, unknown>>;

/** Both sides of a change with the values of a Secret masked; other kinds are returned as they are. */
export function maskPair<A extends KubernetesObject | undefined, B extends KubernetesObject | undefined>(
  before: A,
  after: B,
): [A, B] {
  return [maskSide(before, after, '*** (before)') as A, maskSide(after, before, '*** (after)') as B];
}

function maskSide(
  object: KubernetesObject | undefined,
  other: KubernetesObject | undefined,
  changed: string,
): KubernetesObject | undefined {
  if (object === undefined || !isSecret(object)) return object;
  const masked: KubernetesObject = { ...object, metadata: withoutLastApplied(object.metadata) };
  for (const field of valueFields) {
    if (object[field] !== undefined) masked[field] = maskValues(object[field], other?.[field], changed);
  }
  return masked;
}

function isSecret(object: KubernetesObject): boolean {
  return keyOf(referenceOf(object)).startsWith('/Secret/');
}

/** A value that only one side has needs no word about which. What is no map at all, the server will refuse. */
function maskValues(values: unknown, others: unknown, changed: string): unknown {
  if (values === null) return null;
  if (!isMap(values)) return '***';
  const differs = (key: string): boolean => isMap(others) && Object.hasOwn(others, key) && others[key] !== values[key];
  return Object.fromEntries(Object.keys(values).map((key) => [key, differs(key) ? changed : '***']));
}

function isMap(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** kubectl keeps the whole manifest, values included, in this annotation. */
function withoutLastApplied(metadata: KubernetesObject['metadata']): KubernetesObject['metadata'] {
  if (metadata.annotations?.[lastApplied] === undefined) return metadata;
  return { ...metadata, annotations: { ...metadata.annotations, [lastApplied]: '***' } };
}
