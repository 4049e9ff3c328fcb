/**
 * The workflow type of scripts. A run goes on with the driver it began with, however much later a worker takes it up:
 * today's, or one that was frozen when its ABI number ended.
 */
import { luaAbi } from '../lua/abi.js';
import type { ScriptInput } from './messages.js';
import { runScriptOfToday, type ScriptOutcome } from './script-run.js';

type Driver = (input: ScriptInput) => Promise<ScriptOutcome>;

/** Frozen drivers are only evaluated by the runs that need them. */
const frozen: Readonly<Record<number, () => Promise<Driver>>> = {
  1: async () => (await import(/* webpackMode: "eager" */ './frozen/script-abi-1.js')).runScriptOfToday,
  2: async () => (await import(/* webpackMode: "eager" */ './frozen/script-abi-2.js')).runScriptOfToday,
};

export async function script(input: ScriptInput): Promise<ScriptOutcome> {
  const abi = input.luaAbi ?? 1;
  if (abi === luaAbi) return runScriptOfToday(input);
  // No code: the workflow task fails and waits for a worker that knows the number.
  const load = frozen[abi] ?? fail(`this worker has no driver for scripts of luaAbi ${abi}; it needs an upgrade`);
  return (await load())(input);
}

function fail(message: string): never {
  throw new Error(message);
}
