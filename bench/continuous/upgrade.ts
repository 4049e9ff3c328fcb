/**
 * One commit that changes every application, and a hook that says so.
 */
import { fixed } from '../results.js';
import { costOf } from './costs.js';
import { checkSynced, countSyncs, hint, push, untilSynced, type Fleet } from './fleet.js';
import type { Outcome } from './scenario.js';

export async function upgrade(fleet: Fleet): Promise<Outcome> {
  let done: Upgrade | undefined;
  const { cost } = await costOf(fleet, async () => {
    done = await upgradeAll(fleet);
  });
  if (done === undefined) throw new Error('an upgrade ends or throws');
  await checkUpgrade(fleet, done);
  const { seconds } = done;
  fleet.undisturbedUpgrade = seconds;
  return {
    line: `seconds=${fixed(seconds)} apps_per_s=${fixed(fleet.names.length / seconds)}`,
    figures: { seconds },
    costs: { upgrade: cost },
  };
}

export interface Upgrade {
  readonly commit: string;
  /** From the hook until all are synced at the commit. */
  readonly seconds: number;
  readonly syncsBefore: number;
}

/** @param halfWay what happens when half of them are synced */
export async function upgradeAll(fleet: Fleet, halfWay?: (commit: string) => Promise<void>): Promise<Upgrade> {
  const { names } = fleet;
  const syncsBefore = await countSyncs(fleet);
  const commit = push(fleet, names);
  const began = performance.now();
  await hint(fleet);
  await untilSynced(fleet, commit, Math.ceil(names.length / 2));
  await halfWay?.(commit);
  await untilSynced(fleet, commit, names.length);
  return { commit, seconds: (performance.now() - began) / 1000, syncsBefore };
}

/** @throws when an application is not at the commit, or needed more than one sync to get there */
export async function checkUpgrade(fleet: Fleet, { commit, syncsBefore }: Upgrade): Promise<void> {
  const { names } = fleet;
  await checkSynced(fleet, names, commit);
  const syncs = (await countSyncs(fleet)) - syncsBefore;
  if (syncs !== names.length) throw new Error(`${syncs} syncs for ${names.length} applications`);
}
