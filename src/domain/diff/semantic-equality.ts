/** Whether two JSON values are the same; the order of keys does not count, that of lists does. */
export function semanticallyEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  return Array.isArray(a) || Array.isArray(b) ? equalLists(a, b) : equalRecords(a as Fields, b as Fields);
}

type Fields = Record<string, unknown>;

function equalLists(a: unknown, b: unknown): boolean {
  if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
  return a.every((item, i) => semanticallyEqual(item, b[i]));
}

function equalRecords(a: Fields, b: Fields): boolean {
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => Object.hasOwn(b, key) && semanticallyEqual(a[key], b[key]));
}
