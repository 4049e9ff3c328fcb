/**
 * What an act of all applications costs, whole and for each of them.
 */
import { measure, sumOf, type Measurement } from '../measurement.js';
import { observed } from '../observed.js';
import { fixed, table } from '../results.js';
import { untilQuiet, type Fleet } from './fleet.js';
import { growth, readHistories, type Growth, type Histories } from './histories.js';

export interface Cost extends Measurement {
  readonly apps: number;
  /** What was added to histories. */
  readonly histories: Growth;
}

export interface Costed {
  readonly cost: Cost;
  readonly before: Histories;
  readonly after: Histories;
}

/** By name of the act. */
export type Costs = Readonly<Record<string, Cost>>;

/** Histories are read once everything is quiet; time and CPU are those until `act` is over. */
export async function costOf(fleet: Fleet, act: () => Promise<unknown>): Promise<Costed> {
  const { temporal } = fleet.client;
  await untilQuiet(fleet);
  const before = await readHistories(temporal);
  const measured = await measure(act, observed(fleet.setting));
  await untilQuiet(fleet);
  const after = await readHistories(temporal);
  const cost = { ...measured, apps: fleet.names.length, histories: growth(before, after) };
  return { cost, before, after };
}

/** What is shown of a cost, for one application. */
const rows: readonly (readonly [string, (cost: Cost) => string])[] = [
  ['events', (cost) => fixed(grownBy(cost, 'events') / cost.apps)],
  ['history, KB', (cost) => fixed(grownBy(cost, 'bytes') / 1024 / cost.apps)],
  ['requests', ({ requests, apps }) => fixed(sumOf(requests) / apps)],
  ['CPU-ms of the worker', (cost) => cpu(cost, 'worker')],
  ['CPU-ms of Temporal', (cost) => cpu(cost, 'temporal')],
];

function grownBy({ histories }: Cost, what: 'events' | 'bytes'): number {
  return Object.values(histories).reduce((sum, one) => sum + one[what], 0);
}

function cpu({ cpuSeconds, apps }: Cost, process: string): string {
  return fixed((1000 * (cpuSeconds[process] ?? 0)) / apps, 1);
}

/** A column for each number of applications. */
export function costTable(runs: readonly Costs[]): string {
  const [first = {}] = runs;
  const head = ['per application', ...runs.map((costs) => `N = ${Object.values(costs)[0]?.apps ?? 0}`)];
  const lines = Object.keys(first).flatMap((act) =>
    rows.map(([what, show]) => [`${act}: ${what}`, ...cells(act, show)]),
  );
  return table([head, ...lines]);

  function cells(act: string, show: (cost: Cost) => string): string[] {
    return runs.map(({ [act]: cost }) => (cost === undefined ? '-' : show(cost)));
  }
}
