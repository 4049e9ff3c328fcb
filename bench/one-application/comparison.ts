/**
 * The rounds as tables: medians, and the ratio of each round's own pair, of which again the median and both ends.
 */
import { median, sumOf, type Measurement } from '../measurement.js';
import { fixed, table } from '../results.js';
import { phases, type Acts, type Phase, type Round } from './rounds.js';

const titles: Record<Phase, string> = {
  first: 'first sync',
  unchanged: 'no change',
  changed: '10 % changed',
};

export function comparison(objects: number, rounds: readonly Round[]): string {
  const head = `${objects} objects, median of ${rounds.length} rounds`;
  return [head, '', costs(rounds), '', ratios(rounds), '', phaseTimes(rounds), '', requests(rounds)].join('\n');
}

function costs(rounds: readonly Round[]): string {
  const header = ['', 'seconds', 'CPU-s', 'CPU-s Temporal', 'CPU-s API server', 'requests', 'peak MB'];
  const rows = phases.flatMap((phase) =>
    (['sync', 'diff', 'apply'] as const).map((act) => costRow(phase, act, rounds)),
  );
  return table([header, ...rows]);
}

const names: Record<keyof Acts, string> = { sync: 'sloth-runner', diff: 'kubectl diff', apply: 'kubectl apply' };

function costRow(phase: Phase, act: keyof Acts, rounds: readonly Round[]): string[] {
  const of = (value: (m: Measurement) => number): number => median(rounds.map((round) => value(round[phase][act])));
  const own = of((m) => m.cpuSeconds['worker'] ?? m.cpuSeconds['bench'] ?? 0);
  const temporal = act === 'sync' ? fixed(of((m) => m.cpuSeconds['temporal'] ?? 0)) : '-';
  return [
    `${titles[phase]}: ${names[act]}`,
    fixed(of((m) => m.seconds)),
    fixed(own),
    temporal,
    fixed(of((m) => m.cpuSeconds['server'] ?? 0)),
    String(of((m) => sumOf(m.requests))),
    act === 'sync'
      ? fixed(
          of((m) => m.peakMb),
          0,
        )
      : '-',
  ];
}

/** Below 1 we are faster. */
function ratios(rounds: readonly Round[]): string {
  const rows: [string, (round: Round) => number][] = [
    [
      'first sync / (diff + apply)',
      ({ first: { sync, diff, apply } }) => sync.seconds / (diff.seconds + apply.seconds),
    ],
    ['no-change sync / diff', ({ unchanged: { sync, diff } }) => sync.seconds / diff.seconds],
    [
      'changed sync / (diff + apply)',
      ({ changed: { sync, diff, apply } }) => sync.seconds / (diff.seconds + apply.seconds),
    ],
  ];
  const lines = rows.map(([name, ratio]) => {
    const values = rounds.map(ratio);
    return [name, fixed(median(values)), fixed(Math.min(...values)), fixed(Math.max(...values))];
  });
  return table([['wall time', 'median ratio', 'lowest', 'highest'], ...lines]);
}

const steps = ['clone', 'render', 'diff', 'backup', 'apply', 'health', 'prune'] as const;

function phaseTimes(rounds: readonly Round[]): string {
  const rows = phases.map((phase) => {
    const time = (step: string): number => median(rounds.map((round) => round[phase].sync.phaseSeconds[step] ?? 0));
    return [titles[phase], ...steps.map((step) => fixed(time(step)))];
  });
  return table([['seconds in', ...steps], ...rows]);
}

function requests(rounds: readonly Round[]): string {
  const [round] = rounds;
  if (round === undefined) return '';
  const lines = phases.flatMap((phase) =>
    (['sync', 'diff', 'apply'] as const).map((act) => {
      const counts = Object.entries(byVerb(round[phase][act].requests)).map(([verb, n]) => `${verb} ${n}`);
      return `${titles[phase]}: ${names[act]}: ${counts.join(', ')}`;
    }),
  );
  return ['requests in the first round', ...lines].join('\n');
}

function byVerb(counts: Readonly<Record<string, number>>): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const [kind, n] of Object.entries(counts)) {
    const verb = kind.split(' ')[0] ?? kind;
    sums[verb] = (sums[verb] ?? 0) + n;
  }
  return sums;
}
