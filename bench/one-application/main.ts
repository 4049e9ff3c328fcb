/**
 * One application of 1,000 objects beside kubectl, on the same server in the same run: first sync, a sync that changes
 * nothing, a sync after 10 % of the objects changed.
 */
import { parseArgs } from 'node:util';
import { keepResults } from '../results.js';
import { say, withCluster } from '../setting.js';
import { comparison } from './comparison.js';
import { runRounds } from './rounds.js';

const { values } = parseArgs({
  options: { objects: { type: 'string', default: '1000' }, rounds: { type: 'string', default: '5' } },
});
const objects = Number(values.objects);
const rounds = await withCluster((setting) => runRounds(setting, objects, Number(values.rounds)));
say(`results in ${keepResults('one-application', { objects, rounds })}`);
console.log(comparison(objects, rounds));
process.exit(0);
