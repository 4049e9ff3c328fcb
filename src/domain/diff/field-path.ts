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
  const index = indexOf(value, match[1] ?? '');
  if (index < 0) return value;
  if (rest === '') return value.filter((_, i) => i !== index);
  return value.map((item: unknown, i) => (i === index ? withoutField(item, rest) : item));
}

/** `2` an index, `="x"` a value of a set, `port=80,protocol="TCP"` the keys of an item. */
function indexOf(items: readonly unknown[], text: string): number {
  if (/^\d+$/.test(text)) return Number(text) < items.length ? Number(text) : -1;
  if (text.startsWith('=')) return items.findIndex((item) => JSON.stringify(item) === text.slice(1));
  const keys = [...text.matchAll(/([^=,]+)=("(?:[^"\\]|\\.)*"|[^,]+)/g)].map((m): Key => [m[1] ?? '', m[2] ?? '']);
  const exact = items.findIndex((item) => keys.every((key) => agrees(item, key) === true));
  return exact >= 0 ? exact : items.findIndex((item) => agreesSoFar(item, keys));
}

type Key = readonly [name: string, json: string];

/** undefined when the item does not say. */
function agrees(item: unknown, [name, json]: Key): boolean | undefined {
  const value = (item as Record<string, unknown> | null)?.[name];
  return value === undefined ? undefined : JSON.stringify(value) === json;
}

/** The server names keys that it filled in itself (`protocol="TCP"`): a manifest may leave them out, but not all. */
function agreesSoFar(item: unknown, keys: readonly Key[]): boolean {
  const answers = keys.map((key) => agrees(item, key));
  return answers.includes(true) && !answers.includes(false);
}
