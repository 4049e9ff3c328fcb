/**
 * One commit that changes every application, and a hook that says so.
 */
import { fixed } from '../results.js';
import { costOf } from './costs.js';
import { checkSynced, hint, push, untilSynced, type Fleet } from './fleet.js';
import { grown } from './histories.js';
import type { Outcome } from './scenario.js';

export async function upgrade(fleet: Fleet): Promise<Outcome> {
  const { names } = fleet;
  let commit = '';
  const { cost, before, after } = await costOf(fleet, async () => {
    commit = push(fleet, names);
    await hint(fleet);
    await untilSynced(fleet, commit, names.length);
  });
  await checkSynced(fleet, names, commit);
  const syncs = grown(before, after, 'sync').length;
  if (syncs !== names.length) throw new Error(`${syncs} syncs for ${names.length} applications`);
  const { seconds } = cost;
  return {
    line: `seconds=${fixed(seconds)} apps_per_s=${fixed(names.length / seconds)}`,
    figures: { seconds },
    costs: { upgrade: cost },
  };
}
