/**
 * Continuous operation: N applications that follow their branch, upgraded, swept, changed, broken and interrupted.
 * Prints one line a scenario, then what an application costs; several N show whether that grows with their number.
 *
 *   --apps 100,250,1000 --scenarios sweep,one-changed
 */
import { inspect, parseArgs } from 'node:util';
import { keepResults } from '../results.js';
import { say, withCluster, type ClusterSetting } from '../setting.js';
import { costTable, type Costs } from './costs.js';
import { firstSync } from './first-sync.js';
import { interval, openFleet } from './fleet.js';
import { scenarios, type Outcome, type ScenarioName } from './scenario.js';

const { values } = parseArgs({
  options: {
    apps: { type: 'string', default: '250' },
    scenarios: { type: 'string', default: Object.keys(scenarios).join() },
  },
});
const wanted = values.scenarios.split(',').map(known);

const runs: { apps: number; figures: object; costs: Costs }[] = [];
for (const apps of values.apps.split(',').map(Number))
  runs.push(await withCluster((setting) => runAll(setting, apps), { driftIntervalMs: interval.ms }));
console.log(`\n${costTable(runs.map(({ costs }) => costs))}`);
say(`results in ${keepResults('continuous', { runs })}`);
process.exit(0);

function known(name: string): ScenarioName {
  if (Object.hasOwn(scenarios, name)) return name as ScenarioName;
  throw new Error(`no scenario is called '${name}'; there are ${Object.keys(scenarios).join(', ')}`);
}

async function runAll(setting: ClusterSetting, apps: number) {
  const fleet = await openFleet(setting, apps);
  const outcomes: [string, Outcome][] = [];
  const run = async (name: string, scenario: () => Promise<Outcome>): Promise<void> => {
    say(`${name} of ${apps} applications`);
    const outcome = await scenario().catch((error: unknown) => {
      say(`${name}: ${inspect(error)}`); // now: calls that are still under way may fail first when the servers stop
      throw error;
    });
    console.log(`${name} apps=${apps} ${outcome.line}`);
    outcomes.push([name, outcome]);
  };
  try {
    await run('first-sync', () => firstSync(fleet));
    for (const name of wanted) await run(name, () => scenarios[name](fleet));
  } finally {
    fleet.repository.remove();
  }
  const figures = Object.fromEntries(outcomes.map(([name, outcome]) => [name, outcome.figures]));
  return { apps, figures, costs: Object.assign({}, ...outcomes.map(([, { costs }]) => costs)) as Costs };
}
