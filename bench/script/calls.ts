/**
 * Time, CPU and history events of a call: the difference between a run with calls and one without, over their number.
 * Scripts and bare workflows alternate, and every second round runs backwards.
 */
import { fileURLToPath } from 'node:url';
import type { RunningProcess } from '../../src/local/process-group.js';
import { stopProcess } from '../../src/local/process-identity.js';
import { measure, median, type Measurement } from '../measurement.js';
import { say, type Setting } from '../setting.js';
import { startWorker } from '../worker-process.js';

export interface CallSizes {
  readonly lines: number;
  readonly calls: number;
  readonly rounds: number;
}

/** Medians over the rounds. */
export interface RunCost {
  readonly seconds: number;
  readonly workerCpu: number;
  readonly temporalCpu: number;
  readonly events: number;
}

export interface CallResults extends CallSizes {
  /** A script of the log lines alone; with the calls; bare workflows without, with empty, with querying activities. */
  readonly runs: Readonly<Record<Kind, RunCost>>;
  /** Of a call, from the runs with and without. */
  readonly perCall: Readonly<Record<'script' | 'bare' | 'query', RunCost>>;
  /** Time of a script's call over that of an empty activity, one for each round. */
  readonly ratios: readonly number[];
}

type Kind = (typeof kinds)[number];
type Sample = RunCost;
type Run = () => Promise<string>;

export async function measureCalls(setting: Setting, app: string, sizes: CallSizes): Promise<CallResults> {
  return withBareWorker(setting, async (bareWorker) => {
    const runs = runsOf(setting, app, sizes);
    const sample = (kind: Kind): Promise<Sample> =>
      sampleOf(setting, kind === 'lines' || kind === 'script' ? setting.worker.pid : bareWorker.pid, runs[kind]);
    say('warming up');
    await sampleAll(sample);
    const rounds: Record<Kind, Sample>[] = [];
    for (let n = 1; n <= sizes.rounds; n++) {
      say(`round ${n}: ${sizes.lines} lines, ${sizes.calls} calls`);
      rounds.push(await sampleAll(sample, n % 2 === 0));
    }
    return evaluate(sizes, rounds);
  });
}

export async function withBareWorker<T>(
  { temporal, dir }: Setting,
  work: (worker: RunningProcess) => Promise<T>,
): Promise<T> {
  const entry = fileURLToPath(new URL('bare-worker.js', import.meta.url));
  const worker = await startWorker({ home: `${dir}/home`, address: temporal.address, entry });
  try {
    return await work(worker);
  } finally {
    await stopProcess(worker);
  }
}

const kinds = ['lines', 'none', 'script', 'bare', 'query'] as const;

async function sampleAll(sample: (kind: Kind) => Promise<Sample>, backwards = false): Promise<Record<Kind, Sample>> {
  const results: Partial<Record<Kind, Sample>> = {};
  for (const kind of backwards ? [...kinds].reverse() : kinds) results[kind] = await sample(kind);
  return results as Record<Kind, Sample>;
}

/** Each runs to its end and gives its workflow id. */
function runsOf(setting: Setting, app: string, { lines, calls }: CallSizes): Record<Kind, Run> {
  const bare = (type: string, count: number) => () => runBare(setting, type, [count, app]);
  return {
    lines: () => runScript(setting, scriptOf(lines, 0, app)),
    script: () => runScript(setting, scriptOf(lines, calls, app)),
    none: bare('bare', 0),
    bare: bare('bare', calls),
    query: bare('bareQueries', calls),
  };
}

export function scriptOf(lines: number, calls: number, app: string): string {
  return `for i = 1, ${lines} do log.info("line " .. i) end
for i = 1, ${calls} do gitops.get_workflow_status("${app}") end
`;
}

export async function runScript({ client }: Setting, source: string): Promise<string> {
  const run = await client.scripts.start({ name: 'bench.lua', source });
  await client.scripts.result(run);
  return run.workflowId;
}

let bareRuns = 0;

export async function runBare({ client }: Setting, type: string, args: unknown[]): Promise<string> {
  const workflowId = `bare-${++bareRuns}`;
  await client.temporal.workflow.execute(type, { workflowId, taskQueue: 'bare', args });
  return workflowId;
}

async function sampleOf({ client, temporal, worker }: Setting, pid: number, run: Run): Promise<Sample> {
  let workflowId = '';
  // The engine answers the queries of both sides, so its CPU counts on both.
  const pids = { worker: pid, temporal: temporal.pid, ...(pid === worker.pid ? {} : { engine: worker.pid }) };
  const { seconds, cpuSeconds } = await measure(async () => (workflowId = await run()), { pids });
  const { historyLength } = await client.temporal.workflow.getHandle(workflowId).describe();
  return { seconds, ...cpuOf(cpuSeconds), events: historyLength };
}

function cpuOf(cpuSeconds: Measurement['cpuSeconds']): Pick<Sample, 'workerCpu' | 'temporalCpu'> {
  const { worker = 0, engine = 0, temporal = 0 } = cpuSeconds;
  return { workerCpu: worker + engine, temporalCpu: temporal };
}

const fields = ['seconds', 'workerCpu', 'temporalCpu', 'events'] as const;

function costOf(value: (field: (typeof fields)[number]) => number): RunCost {
  return Object.fromEntries(fields.map((field) => [field, value(field)])) as Record<keyof RunCost, number>;
}

function evaluate(sizes: CallSizes, rounds: readonly Record<Kind, Sample>[]): CallResults {
  const medians = (kind: Kind): RunCost => costOf((field) => median(rounds.map((round) => round[kind][field])));
  const perCall = (kind: Kind, without: Kind): RunCost =>
    costOf((f) => median(rounds.map((round) => (round[kind][f] - round[without][f]) / sizes.calls)));
  return {
    ...sizes,
    runs: {
      lines: medians('lines'),
      script: medians('script'),
      none: medians('none'),
      bare: medians('bare'),
      query: medians('query'),
    },
    perCall: { script: perCall('script', 'lines'), bare: perCall('bare', 'none'), query: perCall('query', 'none') },
    ratios: rounds.map((r) => (r.script.seconds - r.lines.seconds) / (r.bare.seconds - r.none.seconds)),
  };
}
