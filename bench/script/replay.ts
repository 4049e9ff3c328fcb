/**
 * Replay of a script's history, as a worker does it that takes the script over: the bundle is loaded, then the whole
 * script runs again with its calls answered from the history. Starting a replayer is measured with a short history and
 * told apart.
 */
import { fileURLToPath } from 'node:url';
import type { WorkflowHandle } from '@temporalio/client';
import { DefaultLogger, makeTelemetryFilterString, Runtime, Worker } from '@temporalio/worker';
import { median } from '../measurement.js';
import { say, type Setting } from '../setting.js';
import { runScript, scriptOf } from './calls.js';

export interface ReplayResult {
  readonly calls: number;
  readonly events: number;
  /** Of the long history, everything included; of a history of one call. Medians. */
  readonly seconds: number;
  readonly shortSeconds: number;
}

const repetitions = 3;
const bundle = fileURLToPath(new URL('../../dist/workflow-bundle.js', import.meta.url));

export async function measureReplay(setting: Setting, app: string, calls: number): Promise<ReplayResult> {
  say(`running a script of ${calls} calls, to replay it`);
  const [short, long] = [await historyOf(setting, app, 1), await historyOf(setting, app, calls)];
  quietRuntime();
  const times = { short: [] as number[], long: [] as number[] };
  for (let i = 0; i < repetitions; i++) {
    times.short.push(await replay(short));
    times.long.push(await replay(long));
  }
  return {
    calls,
    events: long.events?.length ?? 0,
    seconds: median(times.long),
    shortSeconds: median(times.short),
  };
}

type History = Awaited<ReturnType<WorkflowHandle['fetchHistory']>>;

async function historyOf(setting: Setting, app: string, calls: number): Promise<History> {
  const workflowId = await runScript(setting, scriptOf(0, calls, app));
  return setting.client.temporal.workflow.getHandle(workflowId).fetchHistory();
}

/** @throws when the history does not replay */
async function replay(history: History): Promise<number> {
  const began = performance.now();
  await Worker.runReplayHistory({ workflowBundle: { codePath: bundle } }, history);
  return (performance.now() - began) / 1000;
}

function quietRuntime(): void {
  const logging = { filter: makeTelemetryFilterString({ core: 'ERROR' }), forward: {} };
  Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions: { logging } });
}
