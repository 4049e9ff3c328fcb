/**
 * Nothing has changed: one tick of the Schedule that looks at the repositories, and one of that which looks for drift
 * in the cluster. Neither may write to the cluster or wake anybody.
 */
import { formatDuration } from '../../src/domain/duration.js';
import type { DriftSweepResult } from '../../src/workflows/drift-sweep.js';
import type { SweepResult } from '../../src/workflows/sweep.js';
import { writesAmong } from '../audit-log.js';
import { fixed } from '../results.js';
import { costOf, type Cost } from './costs.js';
import { interval, type Fleet } from './fleet.js';
import { grown } from './histories.js';
import { tick } from './schedule.js';
import type { Outcome } from './scenario.js';

export const sweepSchedule = `gitops-sweep-${formatDuration(interval.ms)}`;
const driftSchedule = 'gitops-drift-default';

export async function sweep(fleet: Fleet): Promise<Outcome> {
  const repositories = await idly(fleet, sweepSchedule, ({ repositories: seen, moved, unreachable }: SweepResult) => {
    return seen === 1 && moved === 0 && unreachable.length === 0;
  });
  // The first look after a sync compares every object by a dry run; those after it have fingerprints to go by.
  const baseline = await idly(fleet, driftSchedule, (seen: DriftSweepResult) => isCalm(fleet, seen));
  const drift = await idly(fleet, driftSchedule, (seen: DriftSweepResult) => {
    return isCalm(fleet, seen) && seen.compared === 0;
  });
  const costs = { 'sweep of repositories': repositories, 'drift sweep': drift, 'first drift sweep': baseline };
  return {
    line: `repositories_s=${fixed(repositories.seconds)} drift_s=${fixed(drift.seconds)} first_drift_s=${fixed(baseline.seconds)} writes=0 events=0`,
    figures: Object.fromEntries(Object.entries(costs).map(([name, { seconds }]) => [name, seconds])),
    costs,
  };
}

const isCalm = ({ names }: Fleet, { applications, drifted, unknown }: DriftSweepResult): boolean =>
  applications === names.length && drifted.length === 0 && unknown.length === 0;

/** @throws when the tick found something else than expected, wrote anything, or woke an application or a repository */
async function idly<T>(fleet: Fleet, schedule: string, isExpected: (answer: T) => boolean): Promise<Cost> {
  let answer: T | undefined;
  const { cost, before, after } = await costOf(fleet, async () => {
    answer = await tick<T>(fleet.client.temporal, schedule);
  });
  if (answer === undefined || !isExpected(answer)) throw new Error(`${schedule} found ${JSON.stringify(answer)}`);
  const woken = ['application', 'repository'].flatMap((type) => grown(before, after, type));
  if (woken.length > 0) throw new Error(`${schedule} woke ${woken.length} workflows, of them ${woken[0]}`);
  const writes = writesAmong(cost.requests);
  if (writes.length > 0) throw new Error(`${schedule} wrote: ${writes.join(', ')}`);
  return cost;
}
