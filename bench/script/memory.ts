/**
 * Memory of scripts that wait: how much more the worker has resident with K of them open, its cache holding them all.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { memoryOf } from '../process-cost.js';
import { say, type Setting } from '../setting.js';

export interface MemoryResult {
  readonly open: number;
  readonly residentMb: { readonly before: number; readonly after: number };
  readonly perScriptMb: number;
}

/** A task that fails and is tried again after 1, 2, 4, ... seconds: it mostly waits. */
const waiting = `workflow.define("open", { tasks = {
  task("wait"):command(function() return false, "not yet" end):retries(100, "exponential"),
} })`;

const warmUp = 3;
const settleMs = 4000;

export async function measureOpenScripts(setting: Setting, open: number): Promise<MemoryResult> {
  say(`opening ${open} scripts that wait`);
  const ids: string[] = await openScripts(setting, warmUp);
  await delay(settleMs);
  const before = memoryOf(setting.worker.pid).residentMb;
  ids.push(...(await openScripts(setting, open)));
  await delay(settleMs);
  const after = memoryOf(setting.worker.pid).residentMb;
  for (const id of ids) await setting.client.temporal.workflow.getHandle(id).terminate('measured');
  return { open, residentMb: { before, after }, perScriptMb: (after - before) / open };
}

async function openScripts({ client }: Setting, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let i = 0; i < count; i++) {
    ids.push((await client.scripts.start({ name: 'open.lua', source: waiting })).workflowId);
  }
  return ids;
}
