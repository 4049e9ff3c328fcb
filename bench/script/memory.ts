/**
 * Memory of scripts that wait: how much more the worker holds with K of them open, its cache holding them all. Held is what
 * is left after a collection of garbage in each of its threads; resident is what the system counts, whenever V8 last
 * collected.
 */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { memoryOf, untilIdle } from '../process-cost.js';
import { say, type Setting } from '../setting.js';

/** Of the memory of a worker, in MB. */
interface Reading {
  readonly threads: number;
  readonly held: number;
  readonly resident: number;
}

export interface MemoryResult {
  readonly open: number;
  readonly before: Reading;
  readonly after: Reading;
  /** Of what is held. */
  readonly perScriptMb: number;
}

/** Of the worker's node. */
export const heapProbe = ['--expose-gc', '--require', fileURLToPath(new URL('heap-probe.cjs', import.meta.url))];

/** A task that fails and is tried again after 1, 2, 4, ... seconds: it mostly waits. */
const waiting = `workflow.define("open", { tasks = {
  task("wait"):command(function() return false, "not yet" end):retries(100, "exponential"),
} })`;

const warmUp = 3;
const settleMs = 4000;
const answerMs = 30_000;

export async function measureOpenScripts(setting: Setting, open: number): Promise<MemoryResult> {
  say(`opening ${open} scripts that wait`);
  const ids: string[] = await openScripts(setting, warmUp);
  const before = await read(setting);
  ids.push(...(await openScripts(setting, open)));
  const after = await read(setting);
  if (before.threads !== after.threads) throw new Error(`${before.threads} threads answered, then ${after.threads}`);
  for (const id of ids) await setting.client.temporal.workflow.getHandle(id).terminate('measured');
  return { open, before, after, perScriptMb: (after.held - before.held) / open };
}

async function read({ dir, worker }: Setting): Promise<Reading> {
  await delay(settleMs);
  await untilIdle([worker.pid]);
  const resident = memoryOf(worker.pid).residentMb;
  const answer = join(dir, 'home', 'heap.json');
  rmSync(answer, { force: true });
  process.kill(worker.pid, 'SIGUSR2');
  for (const deadline = Date.now() + answerMs; !existsSync(answer); await delay(50))
    if (Date.now() > deadline) throw new Error('the worker does not say what it holds');
  const { threads, bytes } = JSON.parse(readFileSync(answer, 'utf8')) as { threads: number; bytes: number };
  return { threads, held: bytes / 2 ** 20, resident };
}

async function openScripts({ client }: Setting, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let i = 0; i < count; i++) {
    ids.push((await client.scripts.start({ name: 'open.lua', source: waiting })).workflowId);
  }
  return ids;
}
