/**
 * A server that stands still in the middle of a computation, as on a machine that swaps or is paused: it goes on, and so
 * does the script. Temporal's SDK ends a workflow's code after a time of the wall clock; with code that awaits, Node dies
 * of that ("async hook stack has become corrupted"), and every run of the process with it.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { isRunning } from '../../src/local/process-identity.js';
import { Engine } from '../support/engine.js';
import { eventually } from '../support/eventually.js';

let engine: Engine;
beforeAll(async () => (engine = await Engine.open()));
afterAll(() => engine.close());

it('a server that was frozen for six seconds while scripts compute lives on', async () => {
  const server = await engine.home.json<Parameters<typeof isRunning>[0]>('server', 'status');
  const source = 'print("begun") local n = 0 for i = 1, 300000 do n = n + i % 3 end print(n)';
  const runs = await Promise.all([1, 2, 3].map((n) => engine.client.scripts.start({ name: `long-${n}.lua`, source })));
  await eventually(async () => {
    const history = await engine.client.temporal.workflow.getHandle(runs[0]?.workflowId ?? '').fetchHistory();
    return (history.events?.length ?? 0) > 5 ? true : undefined;
  });
  process.kill(server.pid, 'SIGSTOP');
  await delay(6_000);
  process.kill(server.pid, 'SIGCONT');
  const printed = await Promise.all(
    runs.map(async (run) => (await engine.client.scripts.result(run)).lines.map(({ text }) => text)),
  );
  expect(printed).toEqual(runs.map(() => ['begun', '300000']));
  expect(isRunning(server)).toBe(true);
});
