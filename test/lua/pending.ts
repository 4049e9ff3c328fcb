/**
 * What other branches bring. A name comes off a list when its branch is merged (reference.test.ts says when it is there);
 * the examples that use it are then planned like the others, and need a row in plan.test.ts.
 */
export const pendingModules: readonly string[] = [];
export const pendingFunctions: readonly string[] = [];

/** Names of 5.1 that the branch of the machine brings back. */
export const pendingNames: readonly string[] = [
  'table.foreach',
  'table.foreachi',
  'math.mod',
  'math.log10',
  'math.ldexp',
  'math.frexp',
  'collectgarbage',
  'gcinfo',
  'debug.traceback',
];

/** Keys of tasks that have no effect yet. */
export const pendingKeys: readonly string[] = [];

export function isPending(source: string): boolean {
  const words = [...pendingModules.map((name) => `${name}\\.`), ...pendingFunctions.map((name) => `${name}\\(`)];
  return words.some((word) => new RegExp(`(^|[^\\w."-])${word}`, 'm').test(source));
}
