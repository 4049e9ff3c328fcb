/**
 * Mean time to production: N applications of 4 objects from one repository, from the trigger to the last one synced
 * and healthy. Prints one line on stdout:
 *
 *   mttp apps=N seconds=S apps_per_s=R cpu_s_per_app=C
 *
 * C counts the worker, the git it runs, and Temporal; what else was at work is told on stderr.
 */
import { parseArgs } from 'node:util';
import { fixed, keepResults, table } from '../results.js';
import { say, withCluster } from '../setting.js';
import { runMttp, type MttpResult } from './run.js';

const { values } = parseArgs({
  options: { apps: { type: 'string', default: '250' }, namespaces: { type: 'string', default: '1' } },
});
const result = await withCluster((setting) => runMttp(setting, Number(values.apps), Number(values.namespaces)));

const { apps, seconds, cpuSeconds } = result;
const cpuPerApp = ((cpuSeconds['worker'] ?? 0) + (cpuSeconds['temporal'] ?? 0)) / apps;
process.stderr.write(`${details(result)}\n`);
say(`results in ${keepResults('mttp', result)}`);
console.log(
  `mttp apps=${apps} seconds=${fixed(seconds)} apps_per_s=${fixed(apps / seconds)} cpu_s_per_app=${fixed(cpuPerApp, 3)}`,
);
process.exit(0);

function details({ cpuSeconds: cpu, apps: n, worker, requests }: MttpResult): string {
  const rows = Object.entries(cpu).map(([name, s]) => [name, fixed(s), fixed((1000 * s) / n, 1)]);
  const requestRows = Object.entries(requests).map(([kind, count]) => [kind, String(count), fixed(count / n)]);
  return [
    table([['CPU of', 'seconds', 'ms per app'], ...rows]),
    '',
    table([['requests to the API server', 'count', 'per app'], ...requestRows]),
    '',
    `worker: git ${fixed(worker.gitCpuSeconds)} CPU-seconds of its own, peak memory ${fixed(worker.peakMb, 0)} MB`,
  ].join('\n');
}
