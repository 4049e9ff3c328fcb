/**
 * What is tried under `pcall` may fail: an error there is a warning.
 */
import type { ScriptFacts } from './script-facts.js';
import { positionOf, type Position } from './syntax-tree.js';

export function guardOf({ calls }: ScriptFacts): (place: Position) => boolean {
  const guards = calls.filter(({ path }) => path === 'pcall' || path === 'xpcall').map(({ node }) => node);
  return (place) =>
    guards.some((node) => {
      const { line = 0, column = 0 } = node.loc?.end ?? {};
      return !isBefore(place, positionOf(node)) && isBefore(place, { line, column: column + 1 });
    });
}

function isBefore(a: Position, b: Position): boolean {
  return a.line < b.line || (a.line === b.line && a.column < b.column);
}
