/**
 * The scenarios of the bench, in the order in which they run. Each leaves all applications synced and healthy.
 */
import type { Costs } from './costs.js';
import type { Fleet } from './fleet.js';
import { broken } from './broken.js';
import { killed } from './killed.js';
import { oneChanged } from './one-changed.js';
import { sweep } from './sweep.js';
import { upgrade } from './upgrade.js';

export interface Outcome {
  /** `key=value` pairs, printed behind the name of the scenario and the number of applications. */
  readonly line: string;
  readonly figures: object;
  readonly costs?: Costs;
}

/** @throws when what was to be measured did not happen */
export type Scenario = (fleet: Fleet) => Promise<Outcome>;

export const scenarios = {
  upgrade,
  sweep,
  'one-changed': oneChanged,
  broken,
  killed,
} as const satisfies Record<string, Scenario>;

export type ScenarioName = keyof typeof scenarios;
