/**
 * SIGKILL of the worker that holds the folder of a run: a command in it is interrupted once and nothing of it is left
 * running, a file step has one effect, and the script goes on elsewhere with the folder as it was last saved. Also a
 * server for a task queue alone.
 */
import { execFileSync, spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { binary } from '../support/home.js';
import { Rig } from './rig.js';
import { completedActivities } from './histories.js';

let rig: Rig;
beforeAll(async () => (rig = await Rig.open({ workers: 2 })));
afterAll(() => rig.close());

async function start(source: string): Promise<{ workflowId: string }> {
  return rig.client.scripts.start({ name: 'folder.lua', source });
}

async function printed(run: { workflowId: string }): Promise<string[]> {
  return (await rig.client.scripts.result(run)).lines.map(({ level, text }) =>
    level === 'print' ? text : `${level} ${text}`,
  );
}

/** Pids of the processes that are exactly this command. */
function pids(command: string): number[] {
  const lines = execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' }).split('\n');
  return lines.filter((line) => line.trim().replace(/^\d+ /, '') === command).map((line) => parseInt(line, 10));
}

/** The worker of the rig that started this process. */
function parentOf(pid: number): number {
  const parent = Number(execFileSync('ps', ['-o', 'ppid=', '-p', String(pid)], { encoding: 'utf8' }));
  return rig.workers.some((worker) => worker.pid === parent) ? parent : parentOf(parent);
}

it('a command whose worker is killed is interrupted once; the script goes on with the folder as it was saved', async () => {
  const run = await start(
    `fs.write("kept.txt", "kept")
     local result, err, failed = exec.run("echo ran >> ${rig.folder}/ran; sleep 602")
     print(result.interrupted, result.exit_code, failed) print(err)
     print(fs.read("kept.txt"), exec.run("cat kept.txt").stdout)`,
  );
  const [pid = 0] = await eventually(() =>
    Promise.resolve(pids('sleep 602').length === 1 ? pids('sleep 602') : undefined),
  );
  process.kill(parentOf(pid), 'SIGKILL');
  expect(await printed(run)).toEqual([
    'true\t-1\ttrue',
    'the command was interrupted: its worker is gone; it may have run in part, and is not run again',
    'kept\tkept',
  ]);
  expect(execFileSync('cat', [join(rig.folder, 'ran')], { encoding: 'utf8' })).toBe('ran\n');
  expect(pids('sleep 602')).toEqual([]);
  const opened = (await completedActivities(rig, run.workflowId)).filter((name) => name === 'openFolder');
  expect(opened).toHaveLength(2);
});

it.each(['before', 'after'] as const)('fs.append has one effect when its worker is killed %s it', async (when) => {
  rig.arm({ activity: 'folderFiles', when, nth: 2 });
  const run = await start('for i = 1, 3 do fs.append("log", i .. "\\n") end print(fs.read("log"))');
  await rig.fired();
  expect(await printed(run)).toEqual(['1\n2\n3\n']);
});

it('what dead workers left on the disk is removed', async () => {
  await eventually(() => Promise.resolve(readdirSync(join(rig.folder, 'workspaces')).length === 2 ? true : undefined));
});

it('a server may serve a task queue of tasks alone', async () => {
  const server = spawn(process.execPath, [binary, 'server', '--queue', 'builders'], {
    env: {
      PATH: process.env['PATH'],
      HOME: rig.folder,
      SLOTH_HOME: rig.folder,
      TEMPORAL_ADDRESS: rig.temporal.address,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [server.stdout, server.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  try {
    await eventually(() => Promise.resolve(said.includes('workers (builders) serve') ? true : undefined));
  } finally {
    server.kill('SIGTERM');
  }
});
