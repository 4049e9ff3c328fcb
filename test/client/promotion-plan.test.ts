import { describe, expect, it } from '@jest/globals';
import { promotionPlan } from '../../src/client/promotion-plan.js';

describe('gitops.promote{...} as a plan', () => {
  it('fills in what is not said', () =>
    expect(promotionPlan({ from: 'shop-dev', to: 'shop-production' })).toEqual({
      name: 'shop-production',
      source: { app: 'shop-dev', holdMs: 0, timeoutMs: 600_000, checks: [] },
      targets: [{ app: 'shop-production', holdMs: 0, timeoutMs: 600_000, checks: [] }],
      onFailure: 'stop',
      carry: 'commit',
    }));

  it('takes gates from the promotion unless a target has its own; the source has only its own', () => {
    const plan = promotionPlan({
      environments: [
        'dev',
        'staging',
        { app: 'production', hold: '1h', approval: { expires: '2d', two_person: true } },
      ],
      hold: '10m',
    });
    expect(plan.source).toMatchObject({ app: 'dev', holdMs: 0 });
    expect(plan.targets).toMatchObject([
      { app: 'staging', holdMs: 600_000, timeoutMs: 1_200_000 },
      { app: 'production', holdMs: 3_600_000, approval: { expiresMs: 172_800_000, twoPerson: true } },
    ]);
    expect(plan.targets[0]).not.toHaveProperty('approval');
  });

  it('makes a name out of an id with a project', () =>
    expect(promotionPlan({ from: 'team/dev', to: 'team/production' }).name).toBe('team-production'));

  it.each([
    ['no target', { from: 'dev' }, /a source and at least one target/],
    ['no source', { to: 'production' }, /a source and at least one target/],
    ['environments of one', { environments: ['dev'] }, /a source and at least one target/],
    ['both forms', { from: 'dev', to: 'x', environments: ['dev', 'x'] }, /environments says what from and to say/],
    ['the same twice', { from: 'dev', to: ['staging', 'dev'] }, /dev is named twice/],
    ['approval of the source', { from: { app: 'dev', approval: true }, to: 'x' }, /source, which is not touched/],
    ['a name with a slash', { from: 'dev', to: 'x', name: 'a/b' }, /no name for a promotion/],
    ['a branch as revision', { from: 'dev', to: 'x', revision: 'main' }, /'main' is no commit/],
    [
      'a hold longer than its time',
      { from: 'dev', to: 'x', hold: '1h', gate_timeout: '1m' },
      /gate_timeout is shorter/,
    ],
    ['a hold that is no duration', { from: 'dev', to: 'x', hold: 'long' }, /long/],
    ['a check without its fields', { from: 'dev', to: 'x', checks: [{ type: 'http' as const }] }, /needs url/],
    [
      'a check with a literal secret',
      {
        from: 'dev',
        to: 'x',
        checks: [{ type: 'http' as const, url: 'http://x', headers: { Authorization: 'Bearer abc' } }],
      },
      /literal secret/,
    ],
    ['21 targets', { from: 'dev', to: Array.from({ length: 21 }, (_, i) => `t${i}`) }, /at most 20/],
  ])('%s is refused', (_title, config, message) => expect(() => promotionPlan(config as never)).toThrow(message));
});
