/**
 * A set so large that its diff is an activity from the start: nothing is dry-run twice because a brief step was cut.
 */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { auditEvents } from '../support/cluster.js';
import { Engine } from '../support/engine.js';
import { configMap } from '../support/manifests.js';

let engine: Engine;
beforeAll(async () => (engine = await Engine.open()));
afterAll(() => engine.close());

const count = 450;

it('every object is rehearsed once', async () => {
  const manifests = Array.from({ length: count }, (_, i) => configMap(`c${i}`)).join('---\n');
  const app = await engine.declare('large', { 'all.yaml': manifests });
  expect(await engine.sync(app)).toMatchObject({ status: 'succeeded', changes: { created: count } });
  const steps = await engine.client.temporal.workflow.getHandle(`gitops/${app.id}/sync-1`).fetchHistory();
  const scheduled = steps.events?.map((e) => e.activityTaskScheduledEventAttributes?.activityType?.name);
  expect(scheduled?.filter((name) => name === 'diff')).toEqual(['diff']);
  const dryRuns = (await auditEvents()).filter(
    ({ objectRef, verb, requestURI }) =>
      objectRef?.namespace === app.namespace && verb === 'patch' && requestURI.includes('dryRun=All'),
  );
  expect(dryRuns.length).toBeLessThanOrEqual(count);
});
