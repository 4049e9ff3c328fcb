/**
 * An upgrade of all with the worker killed (SIGKILL) when half of them are done, and started again at once; beside the
 * undisturbed one of the same run.
 */
import { fixed } from '../results.js';
import { checkSynced, hint, push, untilQuiet, untilSynced, type Fleet } from './fleet.js';
import type { Outcome } from './scenario.js';

export async function killed(fleet: Fleet): Promise<Outcome> {
  const undisturbed = await upgradeAll(fleet);
  const disturbed = await upgradeAll(fleet, () => killAndStart(fleet));
  const ratio = disturbed / undisturbed;
  return {
    line: `undisturbed_s=${fixed(undisturbed)} killed_s=${fixed(disturbed)} ratio=${fixed(ratio)}`,
    figures: { undisturbed, disturbed, ratio },
  };
}

/** @param halfWay what happens when half of them are synced */
async function upgradeAll(fleet: Fleet, halfWay?: () => Promise<void>): Promise<number> {
  const { names } = fleet;
  await untilQuiet(fleet);
  const commit = push(fleet, names);
  const began = performance.now();
  await hint(fleet);
  await untilSynced(fleet, commit, Math.ceil(names.length / 2));
  await halfWay?.();
  await untilSynced(fleet, commit, names.length);
  const seconds = (performance.now() - began) / 1000;
  await checkSynced(fleet, names, commit);
  return seconds;
}

async function killAndStart({ setting: { worker } }: Fleet): Promise<void> {
  await worker.kill();
  await worker.startAgain();
}
