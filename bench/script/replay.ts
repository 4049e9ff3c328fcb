/**
 * Replay of a script's history, as a worker does it that takes the script over: the bundle is loaded, then the whole
 * script runs again with its calls answered from the history. Starting a replayer is measured with a short history and
 * told apart. Beside it, in turns, the replay of a bare workflow with as many activities: what the SDK takes by itself.
 */
import { fileURLToPath } from 'node:url';
import type { WorkflowHandle } from '@temporalio/client';
import { bundleWorkflowCode, DefaultLogger, makeTelemetryFilterString, Runtime, Worker } from '@temporalio/worker';
import { median } from '../measurement.js';
import { say, type Setting } from '../setting.js';
import { runBare, runScript, scriptOf, withBareWorker } from './calls.js';

export interface ReplayResult {
  readonly calls: number;
  readonly events: number;
  /** Of the long history, everything included; of a history of one call. Medians. */
  readonly seconds: number;
  readonly shortSeconds: number;
  /** Of a bare workflow with as many activities that answer the same. */
  readonly bareSeconds: number;
}

const repetitions = 3;
const ours = { codePath: fileURLToPath(new URL('../../dist/workflow-bundle.js', import.meta.url)) };
const bareWorkflow = fileURLToPath(new URL('bare-workflow.js', import.meta.url));

export async function measureReplay(setting: Setting, app: string, calls: number): Promise<ReplayResult> {
  say(`running a script of ${calls} calls, to replay it`);
  const short = await historyOf(setting, await runScript(setting, scriptOf(0, 1, app)));
  const long = await historyOf(setting, await runScript(setting, scriptOf(0, calls, app)));
  const bare = await historyOf(
    setting,
    await withBareWorker(setting, () => runBare(setting, 'bareQueries', [calls, app])),
  );
  quietRuntime();
  const itsOwn = await bundleWorkflowCode({ workflowsPath: bareWorkflow, logger: new DefaultLogger('ERROR') });
  const times = { short: [] as number[], long: [] as number[], bare: [] as number[] };
  for (let i = 0; i < repetitions; i++) {
    times.short.push(await replay(short, ours));
    times.long.push(await replay(long, ours));
    times.bare.push(await replay(bare, itsOwn));
  }
  return {
    calls,
    events: long.events?.length ?? 0,
    seconds: median(times.long),
    shortSeconds: median(times.short),
    bareSeconds: median(times.bare),
  };
}

type History = Awaited<ReturnType<WorkflowHandle['fetchHistory']>>;

function historyOf({ client }: Setting, workflowId: string): Promise<History> {
  return client.temporal.workflow.getHandle(workflowId).fetchHistory();
}

/** @throws when the history does not replay */
async function replay(history: History, workflowBundle: { codePath: string } | { code: string }): Promise<number> {
  const began = performance.now();
  await Worker.runReplayHistory({ workflowBundle }, history);
  return (performance.now() - began) / 1000;
}

function quietRuntime(): void {
  const logging = { filter: makeTelemetryFilterString({ core: 'ERROR' }), forward: {} };
  Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions: { logging } });
}
