/**
 * Field paths as the API server writes them in apply conflicts: `.spec.replicas`,
 * `.spec.template.spec.containers[name="app"].image`, `.metadata.finalizers[="x"]`, `.spec.list[2]`.
 * (sigs.k8s.io/structured-merge-diff, `fieldpath/element.go`)
 *
 * Names are written as they are, dots included (`.metadata.labels.app.kubernetes.io/name`), so that a path can only be
 * read along an object: at each step the longest key that fits is taken.
 */

/** A copy of `value` without the field; the same value when it has no such field. */
export function withoutField(value: unknown, path: string): unknown {
  if (path.startsWith('.')) return withoutKey(value, path.slice(1));
  if (path.startsWith('[')) return withoutItem(value, path);
  return value;
}

function withoutKey(value: unknown, path: string): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const key = longestKey(Object.keys(value), path);
  if (key === undefined) return value;
  const { [key]: field, ...others } = value as Record<string, unknown>;
  const rest = path.slice(key.length);
  return rest === '' ? others : { ...value, [key]: withoutField(field, rest) };
}

function longestKey(keys: readonly string[], path: string): string | undefined {
  return keys
    .filter((key) => path.startsWith(key) && /^($|[.[])/.test(path.slice(key.length)))
    .sort((a, b) => b.length - a.length)[0];
}

/** Text in brackets: strings may hold brackets themselves. */
const bracket = /^\[((?:[^\]"]|"(?:[^"\\]|\\.)*")*)\]/;

function withoutItem(value: unknown, path: string): unknown {
  const match = bracket.exec(path);
  if (!match || !Array.isArray(value)) return value;
  const rest = path.slice(match[0].length);
  const index = value.findIndex(selector(match[1] ?? ''));
  if (index < 0) return value;
  if (rest === '') return value.filter((_, i) => i !== index);
  return value.map((item: unknown, i) => (i === index ? withoutField(item, rest) : item));
}

/** `2` an index, `="x"` a value of a set, `port=80,protocol="TCP"` the keys of an item. */
function selector(text: string): (item: unknown, index: number) => boolean {
  if (/^\d+$/.test(text)) return (_, index) => index === Number(text);
  if (text.startsWith('=')) return (item) => JSON.stringify(item) === text.slice(1);
  const keys = [...text.matchAll(/([^=,]+)=("(?:[^"\\]|\\.)*"|[^,]+)/g)].map((m) => [m[1] ?? '', m[2]] as const);
  return (item) =>
    keys.every(([key, json]) => JSON.stringify((item as Record<string, unknown> | null)?.[key]) === json);
}
