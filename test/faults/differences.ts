/** What these have and those have not, each once. */
export function without(these: readonly string[], those: readonly string[]): string[] {
  const known = new Set(those);
  return [...new Set(these)].filter((one) => !known.has(one));
}
