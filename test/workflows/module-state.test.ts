/**
 * Modules of the workflow bundle are evaluated once for each thread of a worker and shared by all of its runs
 * (docs/decisions/0029): what a module keeps, the next run would find.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Ours, without the drivers of old scripts: each run that needs one evaluates its own. */
function modulesOfBundle(): string[] {
  const bundle = readFileSync(`${root}dist/workflow-bundle.js`, 'utf8');
  const named = bundle.matchAll(/^\/\*{3}\/ "\.\/(dist\/[^"]*\.js)"/gm);
  return [...named].map(([, path = '']) => path).filter((path) => !path.includes('/frozen/'));
}

/** At the left margin: a variable, or a collection that begins empty. */
const state = /^(?:export )?(?:(?:let|var) .*|const \w+ = (?:new (?:Map|Set|WeakMap|WeakSet)\(\)|\[\]|\{\});)$/gm;

/** Compiled text by its source: it is the same for all. */
const harmless = ['dist/lua/kept-chunks.js: const kept = new Map();'];

it('no module of a workflow keeps anything of a run', () => {
  const modules = modulesOfBundle();
  expect(modules.length).toBeGreaterThan(100);
  const found = modules.flatMap((path) =>
    (readFileSync(root + path, 'utf8').match(state) ?? []).map((line) => `${path}: ${line}`),
  );
  expect(found).toEqual(harmless);
});
