/**
 * What other scripts on a worker feel of scripts that compute as much as they can: 50 small scripts, one after the other
 * begins every tenth of a second, with and without bombs beside them, in turns. One line on stdout:
 * `containment runs=50 bombs=B p99_quiet=S p99_beside=S ratio=R`.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { keepResults } from '../results.js';
import { say, withTemporal, type Setting } from '../setting.js';

const text = (value: string) => ({ type: 'string', default: value }) as const;
const { values } = parseArgs({ options: { runs: text('50'), bombs: text('2'), rounds: text('3') } });
const sizes = { runs: Number(values.runs), bombs: Number(values.bombs), rounds: Number(values.rounds) };

const small = 'for i = 1, 20 do log.info(i) end assert(not gitops.get_workflow_status("nobody"))';
const bombs = [
  'while true do end',
  'local function f() f() end while true do pcall(f) end',
  'while true do ("x"):rep(10000):gsub(".", "%0%0") end',
];

interface Round {
  /** Seconds of each small script, from its start to its result. */
  readonly quiet: readonly number[];
  readonly beside: readonly number[];
}

const results = await withTemporal(measure);
say(`results in ${keepResults('containment', { sizes, ...results })}`);
const { quiet, beside, ratio } = results;
console.log(
  `containment runs=${sizes.runs} bombs=${sizes.bombs} p99_quiet=${quiet} p99_beside=${beside} ratio=${ratio}`,
);
process.exit(0);

async function measure(setting: Setting): Promise<{ rounds: Round[]; quiet: string; beside: string; ratio: string }> {
  await runSmall(setting, 10, 'warm');
  const rounds: Round[] = [];
  for (let n = 1; n <= sizes.rounds; n++) {
    say(`round ${n} of ${sizes.rounds}`);
    const calm = await runSmall(setting, sizes.runs, `quiet-${n}`);
    rounds.push({ quiet: calm, beside: await besideBombs(setting, n) });
  }
  const [quietest, besides] = [p99(rounds.flatMap((r) => r.quiet)), p99(rounds.flatMap((r) => r.beside))];
  return {
    rounds,
    quiet: quietest.toFixed(2),
    beside: besides.toFixed(2),
    ratio: (besides / quietest).toFixed(2),
  };
}

async function besideBombs(setting: Setting, round: number): Promise<number[]> {
  const { scripts } = setting.client;
  const open = await Promise.all(
    Array.from({ length: sizes.bombs }, (_, i) =>
      scripts.start({ name: `bomb-${round}-${i}.lua`, source: bombs[i % bombs.length] as string }),
    ),
  );
  const seconds = await runSmall(setting, sizes.runs, `beside-${round}`);
  for (const { workflowId } of open) await setting.client.temporal.workflow.getHandle(workflowId).terminate();
  return seconds;
}

async function runSmall({ client: { scripts } }: Setting, count: number, name: string): Promise<number[]> {
  const runs = Array.from({ length: count }, async (_, i) => {
    await pause(i * 100);
    const from = performance.now();
    await scripts.result(await scripts.start({ name: `${name}-${i}.lua`, source: small }));
    return (performance.now() - from) / 1000;
  });
  return Promise.all(runs);
}

function p99(seconds: readonly number[]): number {
  const sorted = [...seconds].sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * 0.99) - 1] ?? Number.NaN;
}
