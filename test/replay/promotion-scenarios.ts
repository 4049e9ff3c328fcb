/**
 * How to bring a promotion into each of its ends: two environments of one repository, and what happens between them.
 */
import type { PromotionConfig } from '../../src/schema/promotion-config.js';
import { freshNamespace } from '../support/cluster.js';
import type { Engine } from '../support/engine.js';
import { eventually } from '../support/eventually.js';
import { configMap, service } from '../support/manifests.js';
import type { Scenario } from './scenarios.js';

interface Case {
  readonly ends: string;
  /** Of the promotion, besides from and to. */
  readonly config?: Partial<PromotionConfig>;
  /** The target cannot run the second commit. */
  readonly broken?: true;
  /** Once the target waits for an approval. */
  readonly answer?: (engine: Engine, id: string) => Promise<unknown>;
}

const broken = service('web', { image: 'registry.example/web:broken' });

function promotion(name: string, { ends, config = {}, answer, ...given }: Case): Scenario {
  const drive = async (engine: Engine, unique: string): Promise<string> => {
    const { client } = engine;
    const files = { 'dev/app.yaml': configMap('web'), 'production/app.yaml': service('web') };
    const dev = await engine.declare(`${unique}-dev`, files, ', path = "dev"');
    const place = { path: 'production', namespace: await freshNamespace(unique) };
    const policy = { sync_policy: { health_check: { timeout: '20s' } } };
    const { app } = await client.declareFrom({ repo: dev.repository.url, name: unique, ...place, ...policy });
    await engine.sync({ id: app });
    dev.repository.commit({
      'dev/app.yaml': configMap('web', 'second'),
      'production/app.yaml': given.broken ? broken : service('web', { greeting: 'second' }),
    });
    await engine.sync(dev);
    const { id } = await client.promotions.start({
      config: { from: dev.id, to: app, name: unique, ...config },
      who: 'test',
    });
    if (answer !== undefined) {
      await eventually(async () => (await client.promotions.get(id)).approval);
      await answer(engine, id);
    }
    await client.promotions.wait(id);
    return id;
  };
  return { name: `promotion-${name}`, ends, drive };
}

const decide = (approve: boolean) => (engine: Engine, id: string) =>
  engine.client.promotions.decide(id, { approve, by: 'test', reason: 'the test says so' });
const check = {
  type: 'lua' as const,
  name: 'verdict',
  interval: '1s',
  count: 2,
  script: 'return { status = "Healthy" }',
};

export const promotionScenarios: readonly Scenario[] = [
  promotion('through-all-gates', {
    ends: 'succeeded',
    config: { approval: true, hold: 3, checks: [check] },
    answer: decide(true),
  }),
  promotion('rejected', { ends: 'rejected', config: { approval: true }, answer: decide(false) }),
  promotion('that-nobody-approved-in-time', { ends: 'rejected', config: { approval: { expires: 1 } } }),
  promotion('stopped-by-a-failure', { ends: 'failed', broken: true }),
  promotion('brought-back', { ends: 'rolled_back', broken: true, config: { on_failure: 'rollback' } }),
  promotion('of-a-commit-nobody-had', { ends: 'failed', config: { revision: '0123456789' } }),
  promotion('cancelled', {
    ends: 'cancelled',
    config: { approval: true },
    answer: (engine, id) => engine.client.workflows.cancel(id),
  }),
];
