/**
 * Where the time goes: the `mttp` bench with a CPU profile of the worker, and the events of every history counted.
 * The profile itself costs CPU, so its sums are larger than those of `mttp`; the shares are what to read.
 */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runMttp } from '../mttp/run.js';
import { fixed, keepResults, table } from '../results.js';
import { say, withCluster } from '../setting.js';
import { cpuShares, type Shares } from './cpu-profile.js';
import { countEvents, type EventCounts } from './histories.js';

const { values } = parseArgs({
  options: { apps: { type: 'string', default: '50' }, namespaces: { type: 'string', default: '1' } },
});
const profiles = mkdtempSync(join(tmpdir(), 'sloth-bench-profile-'));
const results = await withCluster(
  async (setting) => {
    const mttp = await runMttp(setting, Number(values.apps), Number(values.namespaces));
    const events = await countEvents(setting.client.temporal);
    await setting.stopWorker();
    return { mttp, events, shares: cpuShares(profiles) };
  },
  { nodeArguments: ['--cpu-prof', `--cpu-prof-dir=${profiles}`] },
);
say(`CPU profiles for Chrome's developer tools in ${profiles}`);
say(`results in ${keepResults('profile', results)}`);
console.log(reportOf(results));
process.exit(0);

function reportOf({ mttp, events, shares }: typeof results): string {
  const { apps, cpuSeconds, worker, requests } = mttp;
  const perApp = (count: number): string => fixed(count / apps);
  const ms = (seconds: number): string => fixed((1000 * seconds) / apps, 1);
  const rows = (counts: Readonly<Record<string, number>>, cell: (n: number) => string): string[][] =>
    Object.entries(counts)
      .sort(([, a], [, b]) => b - a)
      .map(([name, n]) => [name, cell(n)]);
  return [
    table([['process', 'CPU-ms per app'], ...rows(cpuSeconds, ms)]),
    table([['thread of the worker', 'CPU-ms per app'], ...rows(worker.threads, ms), ['git', ms(worker.gitCpuSeconds)]]),
    table([['requests to the API server', 'per app'], ...rows(requests, perApp)]),
    ...Object.entries(events).map(([type, counts]) => eventTable(type, counts)),
    ...shares.map(shareTables),
  ].join('\n\n');
}

function eventTable(type: string, { histories, events }: EventCounts): string {
  const rows = Object.entries(events).sort(([, a], [, b]) => b - a);
  const total = rows.reduce((sum, [, n]) => sum + n, 0);
  const head = [`events of ${type}`, fixed(total / histories)];
  return table([head, ...rows.map(([name, n]) => [name, fixed(n / histories)])]);
}

function shareTables({ thread, seconds, packages, places }: Shares): string {
  const percent = (entries: Shares['packages']): string[][] =>
    entries.map(([name, s]) => [name, `${fixed((100 * s) / seconds, 1)} %`]);
  return [
    table([[`${thread}, ${fixed(seconds)} s busy: by package`, 'self'], ...percent(packages)]),
    table([[`${thread}: by our nearest frame`, 'share'], ...percent(places)]),
  ].join('\n\n');
}
