/**
 * One changed application among all: from the moment the push is done until it is synced, told by a hook and told by a
 * tick of the sweep. Its neighbours may not notice.
 */
import { median } from '../measurement.js';
import { fixed } from '../results.js';
import { checkSynced, hint, push, untilQuiet, untilSynced, type Fleet } from './fleet.js';
import { grown, readHistories } from './histories.js';
import { tick } from './schedule.js';
import type { Outcome } from './scenario.js';
import { sweepSchedule } from './sweep.js';

const rounds = 3;

const ways: Readonly<Record<'hook' | 'sweep', (fleet: Fleet) => Promise<unknown>>> = {
  hook: hint,
  sweep: ({ client }) => tick(client.temporal, sweepSchedule),
};

export async function oneChanged(fleet: Fleet): Promise<Outcome> {
  const { client, names } = fleet;
  await untilQuiet(fleet);
  const before = await readHistories(client.temporal);
  const [hook, sweep]: [number[], number[]] = [[], []];
  const changed = names.slice(0, Math.min(rounds, Math.floor(names.length / 2)));
  for (const name of changed) {
    hook.push(await changeOne(fleet, name, ways.hook));
    sweep.push(await changeOne(fleet, name, ways.sweep));
  }
  const woken = new Set(grown(before, await readHistories(client.temporal), 'application'));
  if (woken.size !== changed.length) throw new Error(`${woken.size} applications woke up, ${changed.length} changed`);
  return {
    line: `hook_s=${fixed(median(hook))} sweep_s=${fixed(median(sweep))}`,
    figures: { hook, sweep },
  };
}

async function changeOne(fleet: Fleet, name: string, tell: (fleet: Fleet) => Promise<unknown>): Promise<number> {
  await untilQuiet(fleet);
  const commit = push(fleet, [name]);
  const began = performance.now();
  await tell(fleet);
  await untilSynced(fleet, commit, 1);
  const seconds = (performance.now() - began) / 1000;
  await checkSynced(fleet, [name], commit);
  return seconds;
}
