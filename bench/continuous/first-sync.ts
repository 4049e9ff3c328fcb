/**
 * All applications declared; each syncs once by itself. Then the first look at the repository, which tells all of them
 * where their branch stands.
 */
import { fixed } from '../results.js';
import { costOf } from './costs.js';
import { checkSynced, declareAll, hint, untilSynced, untilTold, type Fleet } from './fleet.js';
import type { Outcome } from './scenario.js';

export async function firstSync(fleet: Fleet): Promise<Outcome> {
  const { names, commit } = fleet;
  const { cost: sync } = await costOf(fleet, async () => {
    await declareAll(fleet);
    await untilSynced(fleet, commit, names.length);
  });
  await checkSynced(fleet, names, commit);
  const { cost: look } = await costOf(fleet, async () => {
    await hint(fleet);
    await untilTold(fleet, commit);
  });
  return {
    line: `seconds=${fixed(sync.seconds)} apps_per_s=${fixed(names.length / sync.seconds)} first_look_s=${fixed(look.seconds)}`,
    figures: { seconds: sync.seconds, firstLookSeconds: look.seconds },
    costs: { 'first sync': sync, 'first look': look },
  };
}
