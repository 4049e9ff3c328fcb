/**
 * What a Lua script costs: its calls beside bare remote activities on the same server, its instructions, the
 * replay of a long history, and the memory of scripts that wait.
 */
import { parseArgs } from 'node:util';
import { applicationSpec } from '../../src/client/index.js';
import { keepResults } from '../results.js';
import { say, withTemporal, type Setting } from '../setting.js';
import { measureCalls } from './calls.js';
import { measureInstructions } from './instructions.js';
import { heapProbe, measureOpenScripts } from './memory.js';
import { measureReplay } from './replay.js';
import { report, type ScriptResults } from './report.js';

const text = (value: string) => ({ type: 'string', default: value }) as const;
const { values } = parseArgs({
  options: {
    lines: text('1000'),
    calls: text('50'),
    rounds: text('7'),
    open: text('40'),
    replay: text('1000'),
    instructions: text('4000000'),
  },
});
const results = await withTemporal(measureAll, { nodeArguments: heapProbe });
say(`results in ${keepResults('script', results)}`);
console.log(report(results));
process.exit(0);

/** Memory first: a worker that has run much has room in its heap already. */
async function measureAll(setting: Setting): Promise<ScriptResults> {
  const app = await declareOne(setting);
  const memory = await measureOpenScripts(setting, Number(values.open));
  const sizes = { lines: Number(values.lines), calls: Number(values.calls), rounds: Number(values.rounds) };
  const calls = await measureCalls(setting, app, sizes);
  const instructions = await measureInstructions(setting, Number(values.instructions));
  return { memory, calls, instructions, replay: await measureReplay(setting, app, Number(values.replay)) };
}

/** The application whose status the scripts ask for. Nothing is ever synced, so there is no cluster. */
async function declareOne({ client }: Setting): Promise<string> {
  const url = 'file:///nowhere/repository.git';
  const spec = applicationSpec({ repo: url, name: 'shop', path: 'app' }, { url }, new Date().toISOString());
  return (await client.declare(spec)).app;
}
