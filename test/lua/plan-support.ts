/** Plans for tests: a fixed clock, GitHub as base address, no server. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { engineFacts } from '../../src/cli/engine-facts.js';
import { readScriptFiles } from '../../src/cli/script-files.js';
import type { Script } from '../../src/lua/host.js';
import type { Answer, PlanDocument } from '../../src/lua/plan/document.js';
import type { AskEngine } from '../../src/lua/plan/engine-facts.js';
import { planScript } from '../../src/lua/plan/plan-script.js';
import { record, type Choose, type Recording } from '../../src/lua/plan/recording.js';

const folder = new URL('../../examples/', import.meta.url);
export const facts = engineFacts({ repositoryUrls: { baseUrl: 'https://github.com', rewrites: {} } });
export const now = 1_790_000_000_000;

export const examples = readdirSync(folder).filter((name) => name.endsWith('.lua'));

export function example(name: string): Script {
  const source = readFileSync(new URL(name, folder), 'utf8');
  return { name, source, modules: readScriptFiles(name, source, fileURLToPath(folder)) };
}

export function scriptOf(source: string): Script {
  return { name: 't.lua', source };
}

export function plan(script: Script | string, ask?: AskEngine): Promise<PlanDocument> {
  return planScript(typeof script === 'string' ? scriptOf(script) : script, { facts, now, ...(ask ? { ask } : {}) });
}

/** What a run performs that is answered as `choose` says. */
export function perform(script: Script, choose: Choose): Promise<Recording> {
  return record(script, { facts, now, choose, stepLimit: 500 });
}

/** Each step by its line and call, `?` when it is assumed, `!` when it is answered with a failure. */
export function short({ steps }: PlanDocument): string[] {
  return steps.map(({ line, call, assumed, answer, hangsOn }) => {
    const name = call.replace('gitops.', '');
    return `${line} ${name}${answer === 'failure' ? ' !' : ''}${assumed ? ` ?${hangsOn.join(',')}` : ''}`;
  });
}

const others: readonly Answer[] = ['failure', 'outage', 'degraded', 'unchanged', 'conflicts', 'empty'];

/** Now and then another answer; the same seed gives the same ones. */
export function someFailures(seed: number, share: number): Choose {
  let state = seed * 7919 + 17;
  const next = (): number => (state = (state * 16807) % 2147483647) / 2147483647;
  return () => (next() < share ? others[Math.floor(next() * others.length)] : undefined);
}
