/**
 * Which application comes before which: dependencies first.
 */

/** application -> those it depends on; what is not a key depends on nothing. */
export type Dependencies = Readonly<Record<string, readonly string[]>>;

/** The way from `start` back to itself, both ends named; undefined when there is none. */
export function cycleFrom(start: string, dependencies: Dependencies): readonly string[] | undefined {
  const seen = new Set<string>();
  const walk = (path: readonly string[], at: string): readonly string[] | undefined => {
    for (const next of dependencies[at] ?? []) {
      if (next === start) return [...path, start];
      if (seen.has(next)) continue;
      seen.add(next);
      const found = walk([...path, next], next);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return walk([start], start);
}

/** Each after all it depends on, otherwise as they came; a cycle is cut where it was entered. */
export function dependenciesFirst(apps: readonly string[], dependencies: Dependencies): string[] {
  const ordered = new Set<string>();
  const entered = new Set<string>();
  const visit = (app: string): void => {
    if (entered.has(app)) return;
    entered.add(app);
    for (const before of dependencies[app] ?? []) visit(before);
    ordered.add(app);
  };
  for (const app of apps) visit(app);
  return [...ordered].filter((app) => apps.includes(app));
}

/** Everything that depends on `app`, directly or not; those that nothing else waits for first. */
export function dependentsOf(app: string, dependencies: Dependencies): string[] {
  const found = new Set<string>();
  const collect = (one: string): void => {
    for (const [dependent, on] of Object.entries(dependencies))
      if (on.includes(one) && dependent !== app && !found.has(dependent)) {
        found.add(dependent);
        collect(dependent);
      }
  };
  collect(app);
  return dependenciesFirst([...found], dependencies).reverse();
}
