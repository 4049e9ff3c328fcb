import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { checkWindow, closedAt, describeWindow, isActive, type SyncWindow } from '../../src/domain/sync-window.js';

const hour = 3_600_000;
const place = { name: 'shop', environment: 'production', cluster: 'eu-1', namespace: 'shop' };

const window = (
  kind: 'allow' | 'deny',
  schedule: string,
  hours: number,
  more: Partial<SyncWindow> = {},
): SyncWindow => ({
  kind,
  schedule,
  durationMs: hours * hour,
  timeZone: 'UTC',
  ...more,
});
const allow = window.bind(undefined, 'allow');
const deny = window.bind(undefined, 'deny');
const at = (time: string): number => Date.parse(time);

/** Weekdays 09:00 to 17:00. */
const office = allow('0 9 * * 1-5', 8);
const freeze = deny('0 0 24 12 *', 72, { description: 'holidays' });
const berlin = { timeZone: 'Europe/Berlin' };

describe('a sync may begin', () => {
  const cases: [title: string, windows: SyncWindow[], time: string, opensAt: string | undefined][] = [
    ['at any time without windows', [], '2026-03-04T03:00:00Z', undefined],
    ['inside an allow', [office], '2026-03-04T12:00:00Z', undefined],
    ['in its first moment', [office], '2026-03-04T09:00:00Z', undefined],
    ['not in the moment of its end', [office], '2026-03-04T17:00:00Z', '2026-03-05T09:00:00.000Z'],
    ['until a moment before', [office], '2026-03-04T16:59:59.999Z', undefined],
    ['not at the weekend', [office], '2026-03-07T12:00:00Z', '2026-03-09T09:00:00.000Z'],
    ['inside any of several allows', [office, allow('0 20 * * *', 2)], '2026-03-07T21:00:00Z', undefined],
    ['at any time outside of a deny', [freeze], '2026-03-07T21:00:00Z', undefined],
    ['not inside a deny', [freeze], '2026-12-25T12:00:00Z', '2026-12-27T00:00:00.000Z'],
    ['not inside an allow that a deny covers', [office, freeze], '2026-12-24T12:00:00Z', '2026-12-28T09:00:00.000Z'],
    ['not while runs of a deny overlap', [deny('0 */2 * * *', 3)], '2026-03-04T12:00:00Z', 'never'],
    [
      'where the deny is about another application',
      [{ ...freeze, applications: ['cart-*'] }],
      '2026-12-25T12:00:00Z',
      undefined,
    ],
    [
      'not where its pattern fits',
      [{ ...freeze, applications: ['sh*'] }],
      '2026-12-25T12:00:00Z',
      '2026-12-27T00:00:00.000Z',
    ],
    [
      'where one of its patterns fits and another does not',
      [{ ...freeze, clusters: ['eu-*'], environments: ['staging'] }],
      '2026-12-25T12:00:00Z',
      undefined,
    ],
    [
      'not where all fit',
      [{ ...freeze, clusters: ['eu-*'], environments: ['prod*'], namespaces: ['shop'] }],
      '2026-12-25T12:00:00Z',
      '2026-12-27T00:00:00.000Z',
    ],
    ['outside of an allow for others', [{ ...office, environments: ['staging'] }], '2026-03-07T12:00:00Z', undefined],
    [
      'by the clock of the time zone in winter',
      [allow('0 9 * * *', 1, berlin)],
      '2026-01-10T06:00:00Z',
      '2026-01-10T08:00:00.000Z',
    ],
    [
      'by the clock of the time zone in summer',
      [allow('0 9 * * *', 1, berlin)],
      '2026-07-10T06:00:00Z',
      '2026-07-10T07:00:00.000Z',
    ],
    [
      'an hour later by the clock on the day on which 02:30 does not exist',
      [allow('30 2 * * *', 1, berlin)],
      '2026-03-28T12:00:00Z',
      '2026-03-29T01:00:00.000Z',
    ],
    [
      'once on the day on which 02:30 comes twice',
      [allow('30 2 * * *', 1, berlin)],
      '2026-10-25T01:30:00Z',
      '2026-10-26T01:30:00.000Z',
    ],
  ];
  it.each(cases)('%s', (_title, windows, time, opensAt) => {
    const closed = closedAt([windows], place, at(time));
    expect(closed === undefined ? undefined : (closed.opensAt ?? 'never')).toBe(opensAt);
  });
});

describe('a closed window', () => {
  const manual = { manual: true } as const;
  const cases: [title: string, layers: SyncWindow[][], manual: boolean][] = [
    ['lets nobody through unless it says so', [[office]], false],
    ['lets a person through when it says so', [[{ ...office, ...manual }]], true],
    ['lets a person through only when all that close say so', [[{ ...office, ...manual }], [freeze]], false],
    ['lets a person through a deny that says so', [[{ ...freeze, ...manual }]], true],
  ];
  it.each(cases)('%s', (_title, layers, expected) => {
    expect(closedAt(layers, place, at('2026-12-26T12:00:00Z'))?.manual).toBe(expected);
  });

  it('is named', () => {
    expect(closedAt([[freeze]], place, at('2026-12-25T12:00:00Z'))?.by).toBe(
      'deny "holidays" (0 0 24 12 * UTC for 72h)',
    );
    expect(describeWindow(allow('0 9 * * 1-5', 1.5))).toBe('allow (0 9 * * 1-5 UTC for 1h30m)');
  });

  it('opens when all layers are open: an application loosens nothing', () => {
    const own = [allow('* * * * *', 1)];
    expect(closedAt([[office], own], place, at('2026-03-07T12:00:00Z'))?.opensAt).toBe('2026-03-09T09:00:00.000Z');
    expect(closedAt([own, [office]], place, at('2026-03-07T12:00:00Z'))?.opensAt).toBe('2026-03-09T09:00:00.000Z');
  });
});

describe('a window is refused', () => {
  const cases: [title: string, window: SyncWindow, says: RegExp][] = [
    ['with six fields', allow('0 0 9 * * *', 1), /no schedule of five cron fields/],
    ['with words', allow('every day', 1), /no schedule/],
    ['with a day that never comes', allow('0 0 30 2 *', 1), /no schedule/],
    [
      'with an unknown time zone',
      allow('0 9 * * *', 1, { timeZone: 'Europe/Berlim' }),
      /'Europe\/Berlim' is no time zone/,
    ],
    ['without a duration', allow('0 9 * * *', 0), /less than a minute/],
  ];
  it.each(cases)('%s', (_title, refused, says) => expect(() => checkWindow(refused)).toThrow(says));

  it('not when all is well', () => expect(() => checkWindow(office)).not.toThrow());
});

describe('for any windows, at any time, in any time zone', () => {
  const zones = [
    'UTC',
    'Europe/Berlin',
    'America/New_York',
    'Australia/Lord_Howe',
    'Asia/Kathmandu',
    'America/Sao_Paulo',
  ];
  const schedule = fc
    .tuple(
      fc.constantFrom('0', '30', '15,45'),
      fc.integer({ min: 0, max: 23 }),
      fc.constantFrom('*', '1-5', '0,6', '3'),
    )
    .map(([minute, hours, days]) => `${minute} ${hours} * * ${days}`);
  const any = fc.record({
    kind: fc.constantFrom('allow' as const, 'deny' as const),
    schedule,
    durationMs: fc.integer({ min: 1, max: 30 * 4 }).map((quarters) => (quarters * hour) / 4),
    timeZone: fc.constantFrom(...zones),
  });
  const layer = fc.array(any, { maxLength: 3 });
  /** Around both changes of the clocks of the north in 2026, and in between. */
  const moment = fc
    .tuple(fc.constantFrom('2026-03-27', '2026-06-10', '2026-10-23'), fc.integer({ min: 0, max: 4 * 24 * 60 }))
    .map(([day, minutes]) => at(`${day}T00:00:00Z`) + minutes * 60_000);

  const isOpen = (layers: readonly SyncWindow[][], time: number): boolean =>
    layers.every((windows) => {
      const active = windows.filter((one) => isActive(one, time));
      if (active.some(({ kind }) => kind === 'deny')) return false;
      return active.length > 0 || windows.every(({ kind }) => kind === 'deny');
    });

  it('the verdict is that of the rules, and the next opening is open and the first one', () => {
    fc.assert(
      fc.property(layer, layer, moment, (first, second, time) => {
        const layers = [first, second];
        const closed = closedAt(layers, place, time);
        expect(closed === undefined).toBe(isOpen(layers, time));
        if (closed?.opensAt === undefined) return;
        const opening = at(closed.opensAt);
        expect(isOpen(layers, opening)).toBe(true);
        const quarters = Math.min(24, Math.floor((opening - time) / (hour / 4)));
        for (let n = 1; n <= quarters; n++) expect(isOpen(layers, opening - (n * hour) / 4)).toBe(false);
        expect(isOpen(layers, opening - 1)).toBe(false);
      }),
      { numRuns: 40 },
    );
  }, 60_000);

  it('an allow begins at the time its clock shows, but where that time does not exist', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 23 }), fc.constantFrom(...zones), moment, (hours, timeZone, time) => {
        const closed = closedAt([[window('allow', `0 ${hours} * * *`, 0.25, { timeZone })]], place, time);
        if (closed?.opensAt === undefined) return;
        const clock = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' });
        const shown = clock.format(at(closed.opensAt));
        const before = clock.format(at(closed.opensAt) - 60_000);
        const skipped =
          before < `${String(hours).padStart(2, '0')}:00` && shown > `${String(hours).padStart(2, '0')}:00`;
        expect(shown === `${String(hours).padStart(2, '0')}:00` || skipped).toBe(true);
      }),
    );
  });
});
