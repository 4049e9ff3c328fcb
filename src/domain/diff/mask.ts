/**
 * Secret values as people may see them: `***`, or `*** (before)` and `*** (after)` where they differ. Also where an
 * annotation of the Secret quotes them, as kubectl's record of the last apply does.
 */
import { keyOf, referenceOf, type KubernetesObject } from '../object.js';

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';
const valueFields = ['data', 'stringData'] as const;

/** Shorter values turn up in any text by chance, and would hide all of it. */
const shortestQuoted = 4;

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
  const masked: KubernetesObject = { ...object, metadata: maskMetadata(object, other, changed) };
  for (const field of valueFields) {
    if (object[field] !== undefined) masked[field] = maskValues(field, object[field], other, changed);
  }
  return masked;
}

function isSecret(object: KubernetesObject): boolean {
  return keyOf(referenceOf(object)).startsWith('/Secret/');
}

/** A value that only one side has needs no word about which. What is no map at all, the server will refuse. */
function maskValues(
  field: (typeof valueFields)[number],
  values: unknown,
  other: KubernetesObject | undefined,
  changed: string,
): unknown {
  if (values === null) return null;
  if (!isMap(values)) return '***';
  const theirs = plainValues(other);
  const differs = (key: string): boolean => theirs.has(key) && theirs.get(key) !== plainValue(field, values[key]);
  return Object.fromEntries(Object.keys(values).map((key) => [key, differs(key) ? changed : '***']));
}

function isMap(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What a Secret holds, however it is written: `stringData` beats `data`, as in the server. */
function plainValues(object: KubernetesObject | undefined): ReadonlyMap<string, string> {
  const entries = valueFields.flatMap((field) => {
    const values = object?.[field];
    return isMap(values) ? Object.keys(values).map((key) => [key, plainValue(field, values[key])] as const) : [];
  });
  return new Map(entries);
}

/** Base64 as the bytes it stands for, one character each: an encoding that loses none. */
function plainValue(field: (typeof valueFields)[number], value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value) ?? '';
  return field === 'data' ? decodeBase64(value) : utf8(value);
}

function decodeBase64(text: string): string {
  try {
    return atob(text.replace(/\s/g, ''));
  } catch {
    return text; // the server will refuse it
  }
}

/** As `atob` gives it: one character a byte. */
function utf8(text: string): string {
  return Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join('');
}

// Annotations

function maskMetadata(
  object: KubernetesObject,
  other: KubernetesObject | undefined,
  changed: string,
): KubernetesObject['metadata'] {
  const { annotations } = object.metadata;
  if (annotations === undefined) return object.metadata;
  const secrets = [...formsOf(object), ...formsOf(other)];
  const theirs = other?.metadata.annotations ?? {};
  const mask = (name: string, text: string): string => {
    if (name !== lastApplied && !secrets.some((secret) => text.includes(secret))) return text;
    return Object.hasOwn(theirs, name) && theirs[name] !== text ? changed : '***';
  };
  const masked = Object.entries(annotations).map(([name, text]) => [name, mask(name, text)] as const);
  return { ...object.metadata, annotations: Object.fromEntries(masked) };
}

/** A value as it may be quoted: in plain text, as JSON text, and in base64. */
function formsOf(object: KubernetesObject | undefined): readonly string[] {
  const forms = [...plainValues(object).values()].flatMap((bytes) => {
    const plain = new TextDecoder().decode(Uint8Array.from(bytes, (c) => c.charCodeAt(0)));
    return [plain, JSON.stringify(plain).slice(1, -1), btoa(bytes), btoa(bytes).replace(/=+$/, '')];
  });
  return [...new Set(forms)].filter((form) => form.length >= shortestQuoted);
}
