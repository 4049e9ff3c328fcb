/**
 * An upgrade of all with the worker killed (SIGKILL) when half of them are done, and started again at once; beside the
 * undisturbed one of the same run.
 */
import { fixed } from '../results.js';
import { countSynced, untilQuiet, type Fleet } from './fleet.js';
import type { Outcome } from './scenario.js';
import { checkUpgrade, upgradeAll, type Upgrade } from './upgrade.js';

export async function killed(fleet: Fleet): Promise<Outcome> {
  const undisturbed = fleet.undisturbedUpgrade ?? (await upgradeQuietly(fleet)).seconds;
  let open = 0;
  const { seconds } = await upgradeQuietly(fleet, async (commit) => {
    await fleet.setting.worker.kill();
    open = fleet.names.length - (await countSynced(fleet, commit));
    await fleet.setting.worker.startAgain();
  });
  if (open === 0) throw new Error('all were synced when the worker was killed: use more applications');
  const ratio = seconds / undisturbed;
  return {
    line: `open=${open} undisturbed_s=${fixed(undisturbed)} killed_s=${fixed(seconds)} ratio=${fixed(ratio)}`,
    figures: { open, undisturbed, killed: seconds, ratio },
  };
}

async function upgradeQuietly(fleet: Fleet, halfWay?: (commit: string) => Promise<void>): Promise<Upgrade> {
  await untilQuiet(fleet);
  const done = await upgradeAll(fleet, halfWay);
  await checkUpgrade(fleet, done);
  return done;
}
