/**
 * SIGKILL of the worker around the status of a commit: each state of a sync stands there once, the newest last.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { freshNamespace } from '../support/cluster.js';
import { eventually } from '../support/eventually.js';
import { FakeForge } from '../support/fake-forge.js';
import { configMap } from '../support/manifests.js';
import { createRepository, type TestRepository } from '../support/repository.js';
import { expectReplays } from './oracle.js';
import { Rig, type FaultPoint } from './rig.js';

let rig: Rig;
let forge: FakeForge;
let repository: TestRepository;
let app: string;

beforeAll(async () => {
  [rig, forge] = await Promise.all([Rig.open(), FakeForge.start('github')]);
  repository = createRepository({ 'app.yaml': configMap('a') });
  const namespace = await freshNamespace('announced');
  const token = join(rig.folder, 'forge-token');
  writeFileSync(token, forge.token, { mode: 0o600 });
  const source = `return assert(gitops.workflow({ repo = "${repository.url}", name = "announced", namespace = "${namespace}",
    notifications = { commit_status = { provider = "github", api = "${forge.api}", repository = "acme/shop", token = "file:${token}" } } }))`;
  await rig.client.scripts.result(await rig.client.scripts.start({ name: 'declare.lua', source }));
  app = (await rig.client.status('announced')).spec.id;
});
afterAll(async () => {
  await rig.close();
  forge.stop();
  repository.remove();
});
beforeEach(() => forge.clear());

describe('a worker killed', () => {
  it.each<[string, FaultPoint]>([
    ['after it said that the sync is running', { activity: 'postCommitStatus', when: 'after' }],
    ['after it said how the sync ended', { activity: 'postCommitStatus', when: 'after', nth: 2 }],
    ['before it says how the sync ended', { activity: 'postCommitStatus', when: 'before', nth: 2 }],
    ['between the record and the status', { activity: 'record', when: 'after' }],
  ])('%s', async (title, point) => {
    const commit = repository.commit({ 'app.yaml': configMap('a', title) });
    rig.arm(point);
    const record = await rig.client.wait(await rig.client.sync(app, { who: 'test' }));
    await rig.fired();
    const ended = await eventually(async () => {
      const said = forge.posted(commit);
      return said.at(-1)?.state === 'success' ? said : undefined;
    });
    expect(record.status).toBe('succeeded');
    // One that died before it said the first thing may find the sync over: then that is all there is to say.
    expect(ended.map(({ state }) => state).filter((state) => state === 'success')).toHaveLength(1);
    expect(ended.map(({ state }) => state).filter((state) => state === 'pending').length).toBeLessThanOrEqual(1);
    await eventually(async () => {
      const { count } = await rig.client.temporal.workflow.count(
        'WorkflowType = "announcement" AND ExecutionStatus = "Running"',
      );
      return count === 0 ? true : undefined;
    });
    expect(forge.posted(commit)).toEqual(ended);
  });

  it('and every history replays', () => expectReplays(rig));
});
