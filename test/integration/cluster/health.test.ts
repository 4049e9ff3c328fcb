/**
 * The wait for health against a real API server and its controllers.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { KubernetesObject } from '../../../src/domain/object.js';
import { Harness, type Application } from './activity-harness.js';
import { configMap, deployment } from './objects.js';

let harness: Harness;
beforeAll(async () => void (harness = await Harness.start()));
afterAll(() => harness?.stop());
afterEach(() => (harness.customHealth = undefined));

const annotated = (object: KubernetesObject, annotations: Record<string, string>): KubernetesObject => ({
  ...object,
  metadata: { ...object.metadata, annotations },
});

async function applied(...objects: KubernetesObject[]): Promise<Application> {
  const app = await harness.application();
  await app.synchronise(objects);
  return app;
}

describe('a Deployment whose Pods cannot run', () => {
  it.each([
    ['crash again and again', 'crashes', /Pod web-\S+: CrashLoopBackOff: back-off 40s/],
    ['never get their image', 'broken', /Pod web-\S+: ImagePullBackOff: /],
  ])('is Degraded at once when they %s, not at its deadline', async (_title, tag, message) => {
    const web = deployment('web', { tag });
    const app = await applied(web);
    const began = performance.now();
    const { status, unhealthy, timedOut } = await app.health([web], { timeoutMs: 60_000, degradedGraceMs: 500 });
    expect({ status, timedOut }).toEqual({ status: 'Degraded', timedOut: false });
    expect(unhealthy[0]?.message).toMatch(message);
    expect(performance.now() - began).toBeLessThan(20_000);
  });
});

describe('an object whose health does not count', () => {
  it.each(['sloth-runner.dev/ignore-healthcheck', 'argocd.argoproj.io/ignore-healthcheck'])(
    'is not waited for: %s',
    async (annotation) => {
      const objects = [annotated(deployment('web', { tag: 'broken' }), { [annotation]: 'true' }), configMap('a')];
      const app = await applied(...objects);
      expect(await app.health(objects)).toMatchObject({ status: 'Healthy', healthy: 1, total: 1 });
    },
  );
});

describe("an operator's own rule", () => {
  it('is asked before the built-in one, of what was just applied as well', async () => {
    harness.customHealth = ({ kind, metadata }) =>
      kind === 'ConfigMap' ? { status: 'Degraded', message: `${metadata.name} is not to our taste` } : undefined;
    const app = await harness.application();
    const plan = await app.diff([configMap('a')]);
    await app.apply(plan, 1);
    const { status, unhealthy } = await app.health([configMap('a')], { degradedGraceMs: 0 });
    expect([status, unhealthy[0]?.message]).toEqual(['Degraded', 'a is not to our taste']);
  });
});

describe('a stable window', () => {
  const flag = (state: string): KubernetesObject => configMap('flag', { state });
  const byFlag = (object: KubernetesObject) =>
    object.kind !== 'ConfigMap'
      ? undefined
      : { status: (object['data'] as { state: 'Healthy' | 'Progressing' }).state, message: 'as the flag says' };

  it('lasts for as long as it was asked to', async () => {
    const app = await applied(flag('Healthy'));
    const began = performance.now();
    const result = await app.health([flag('Healthy')], { stableMs: 1500 });
    expect(result).toMatchObject({ status: 'Healthy', timedOut: false });
    expect(performance.now() - began).toBeGreaterThanOrEqual(1500);
  });

  it('begins anew when something broke in between', async () => {
    harness.customHealth = byFlag;
    const app = await applied(flag('Healthy'));
    const began = performance.now();
    const verdict = app.health([flag('Healthy')], { stableMs: 2000 });
    await app.synchronise([flag('Progressing')]);
    await app.synchronise([flag('Healthy')]);
    const mended = performance.now() - began;
    expect(await verdict).toMatchObject({ status: 'Healthy', timedOut: false });
    expect(performance.now() - began).toBeGreaterThan(mended + 1800);
  });

  it('that is never whole ends at the timeout, and says what broke it', async () => {
    harness.customHealth = byFlag;
    const app = await applied(flag('Progressing'));
    const verdict = app.health([flag('Healthy')], { stableMs: 8000, timeoutMs: 3000 });
    await app.synchronise([flag('Healthy')]);
    const { status, timedOut, unhealthy } = await verdict;
    expect({ status, timedOut }).toEqual({ status: 'Progressing', timedOut: true });
    expect(unhealthy[0]).toMatchObject({
      object: { name: 'flag' },
      message: 'it was not healthy for 8.0s without a break',
    });
  });
});
