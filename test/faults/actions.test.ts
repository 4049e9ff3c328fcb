/**
 * Resource actions whose worker is killed around its write, or whose object is changed by somebody else before it: each
 * is done once, and on what is there.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { applicationSpec } from '../../src/client/application-spec.js';
import type { ActionRecord } from '../../src/domain/actions/record.js';
import { engineWrites, freshNamespace, kubectl, kubectlJson } from '../support/cluster.js';
import { createRepository, type TestRepository } from '../support/repository.js';
import { replayAll } from './histories.js';
import { Rig, type FaultPoint } from './rig.js';

const objects = `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: "registry.example/web:1" }] }
---
apiVersion: batch/v1
kind: CronJob
metadata: { name: report }
spec:
  schedule: "0 0 1 1 *"
  jobTemplate:
    spec:
      template: { spec: { restartPolicy: Never, containers: [{ name: work, image: "registry.example/job:1" }] } }
`;

/** Done twice, it would show; and so would a Job under a name of chance. */
const checks = {
  'apps/Deployment/actions/discovery.lua': 'return { more = {} }',
  'apps/Deployment/actions/more/action.lua': 'obj.spec.replicas = obj.spec.replicas + 1 return obj',
  'batch/CronJob/actions/discovery.lua': 'return { chance = {} }',
  'batch/CronJob/actions/chance/action.lua': `
    local job = { apiVersion = "batch/v1", kind = "Job", spec = obj.spec.jobTemplate.spec }
    job.metadata = { name = "chance-" .. math.random(1, 1000000000) }
    job.metadata.ownerReferences = { { apiVersion = obj.apiVersion, kind = obj.kind, name = obj.metadata.name, uid = obj.metadata.uid } }
    return { { operation = "create", resource = job } }`,
};

let rig: Rig;
let repository: TestRepository;
let namespace: string;
let id: string;

beforeAll(async () => {
  rig = await Rig.open({ checks });
  repository = createRepository({ 'app.yaml': objects });
  namespace = await freshNamespace('actions');
  const config = { name: 'acted', namespace, sync_policy: { retry: { limit: 5, backoff: { duration: '1s' } } } };
  const spec = applicationSpec(config, { url: repository.url }, new Date().toISOString());
  ({ id } = spec);
  await rig.client.declare(spec);
  expect(await rig.client.wait(await rig.client.sync(id))).toMatchObject({ status: 'succeeded' });
});

afterAll(async () => {
  await rig.close();
  repository.remove();
});

const replicas = async (): Promise<number> =>
  (await kubectlJson<{ spec: { replicas: number } }>('get', 'deployment', 'web', '-n', namespace)).spec.replicas;

const jobs = async (): Promise<string[]> =>
  (await kubectlJson('get', 'jobs', '-n', namespace)).items.map((job) => job.metadata.name);

/** Asked for while the point is armed. */
async function act(
  action: string,
  resource: string,
  point: FaultPoint,
  meanwhile = async () => {},
): Promise<ActionRecord> {
  rig.arm(point);
  const ticket = await rig.client.actions.start(id, { action, resource, params: {}, who: 'test' });
  await rig.fired();
  await meanwhile();
  return rig.client.actions.result(ticket);
}

describe('a worker killed', () => {
  it.each<[string, FaultPoint['when']]>([
    ['before the Job is made', 'before fence'],
    ['after the Job was made', 'after fence'],
    ['after the step', 'after'],
  ])('%s: there is one more Job', async (_title, when) => {
    const before = await jobs();
    const { changes } = await act('chance', 'CronJob:report', { activity: 'performAction', when });
    expect((await jobs()).sort()).toEqual([...before, changes[0]?.object.name].sort());
  });

  it.each<[string, FaultPoint['when']]>([
    ['before the patch', 'before write'],
    ['after the patch', 'after write'],
  ])('%s: there is one replica more, from one write', async (_title, when) => {
    const [before, writes] = [await replicas(), (await engineWrites(namespace)).length];
    await act('more', 'Deployment:web', { activity: 'performAction', when });
    expect(await replicas()).toBe(before + 1);
    const accepted = (await engineWrites(namespace)).slice(writes).filter((e) => e.responseStatus?.code === 200);
    expect(accepted).toHaveLength(1);
  });
});

describe('somebody who changes the object', () => {
  it('between plan and write is not overwritten: the action is planned anew from what is there', async () => {
    const meanwhile = async (): Promise<void> => {
      await kubectl('scale', 'deployment', 'web', '--replicas=7', '-n', namespace);
      rig.release();
    };
    const point = { activity: 'performAction', when: 'before', action: 'hold' } as const;
    const record = await act('more', 'Deployment:web', point, meanwhile);
    expect(await replicas()).toBe(8);
    const steps = (await rig.client.workflows.steps(record.id)).map(({ summary }) => summary);
    expect(steps.filter((summary) => summary.startsWith('plan what test asked for'))).toHaveLength(2);
    expect(steps).toContainEqual(expect.stringContaining('planned anew from live state (2 of 5)'));
  });
});

it('every history replays', async () => {
  expect(await replayAll(rig)).toMatchObject({ failures: [] });
});
