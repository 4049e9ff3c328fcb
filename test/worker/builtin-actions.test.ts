/**
 * The actions that come with the engine, on objects as they are live.
 */
import { describe, expect, it } from '@jest/globals';
import type { KubernetesObject } from '../../src/domain/object.js';
import { actionScripts } from '../../src/worker/action-scripts.js';

const scripts = actionScripts(undefined, () => Date.parse('2026-11-24T10:00:00Z'));
const template = { metadata: { labels: { app: 'a' } }, spec: { containers: [{ name: 'a', resources: {} }] } };
const object = (apiVersion: string, kind: string, spec: object, status?: object): KubernetesObject => ({
  apiVersion,
  kind,
  metadata: { name: 'a', namespace: 'shop', uid: 'u' },
  spec: { template, ...spec },
  ...(status === undefined ? {} : { status }),
});
const deployment = (spec: object = {}) => object('apps/v1', 'Deployment', { replicas: 2, ...spec });
const stateful = object('apps/v1', 'StatefulSet', { replicas: 2 });
const daemons = object('apps/v1', 'DaemonSet', {});
const cronJob = (spec: object = {}): KubernetesObject => ({
  ...object('batch/v1', 'CronJob', { schedule: '@daily', suspend: false, ...spec }),
  spec: { schedule: '@daily', ...spec, jobTemplate: { metadata: { labels: { a: 'b' } }, spec: { template } } },
});
const job = (spec: object = {}, status: object = { startTime: '2026-11-24T09:00:00Z' }) =>
  object('batch/v1', 'Job', spec, status);
const ended = job({}, { startTime: '2026-11-24T09:00:00Z', conditions: [{ type: 'Complete', status: 'True' }] });

const restarted = {
  spec: { template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': '2026-11-24T10:00:00Z' } } } },
};

describe('what may be done', () => {
  it.each<[string, KubernetesObject, string]>([
    ['to a Deployment', deployment(), 'pause restart -resume(it is not paused) scale[replicas]'],
    [
      'to one that is paused',
      deployment({ paused: true }),
      '-pause(it is paused already) -restart(it is paused, and a paused Deployment rolls nothing out) resume scale[replicas]',
    ],
    ['to a StatefulSet', stateful, 'restart scale[replicas]'],
    ['to a DaemonSet', daemons, 'restart'],
    ['to a CronJob', cronJob(), 'create-job -resume(it is not suspended) suspend'],
    ['to one that is suspended', cronJob({ suspend: true }), 'create-job resume -suspend(it is suspended already)'],
    ['to a Job that runs', job(), '-resume(it is not suspended) suspend terminate'],
    [
      'to one that is suspended',
      job({ suspend: true }, {}),
      'resume -suspend(it is suspended already) -terminate(it does not run)',
    ],
    ['to one that has ended', ended, '-resume(it has ended) -suspend(it has ended) -terminate(it has ended)'],
    ['to anything else', { apiVersion: 'v1', kind: 'Service', metadata: { name: 'a' } }, ''],
  ])('%s', async (_title, live, actions) => {
    const found = await scripts.discover(live);
    const text = found.map(({ name, disabled, reason = '', params }) => {
      const takes = params.length === 0 ? '' : `[${params.map((p) => p.name).join(',')}]`;
      return disabled ? `-${name}(${reason})` : `${name}${takes}`;
    });
    expect(text.join(' ')).toBe(actions);
    expect(scripts.covers(live)).toBe(actions !== '');
  });
});

describe('what it writes', () => {
  it.each<[string, KubernetesObject, Record<string, string>, object]>([
    ['restart', deployment(), {}, restarted],
    ['restart', stateful, {}, restarted],
    ['restart', daemons, {}, restarted],
    ['scale', deployment(), { replicas: '5' }, { spec: { replicas: 5 } }],
    ['scale', stateful, { replicas: '0' }, { spec: { replicas: 0 } }],
    ['pause', deployment(), {}, { spec: { paused: true } }],
    ['resume', deployment({ paused: true }), {}, { spec: { paused: null } }],
    ['suspend', cronJob(), {}, { spec: { suspend: true } }],
    ['resume', cronJob({ suspend: true }), {}, { spec: { suspend: false } }],
    ['suspend', job(), {}, { spec: { suspend: true } }],
    ['resume', job({ suspend: true }), {}, { spec: { suspend: false } }],
    [
      'terminate',
      job(),
      {},
      {
        status: {
          conditions: [
            {
              type: 'FailureTarget',
              status: 'True',
              reason: 'ManuallyTerminated',
              message: 'terminated by a resource action',
              lastTransitionTime: '2026-11-24T10:00:00Z',
            },
          ],
        },
      },
    ],
  ])('%s: %#', async (action, live, params, patch) =>
    expect(await scripts.run(action, live, params)).toEqual([{ operation: 'patch', patch }]),
  );

  it('create-job: a Job of the template, which the CronJob owns', async () =>
    expect(await scripts.run('create-job', cronJob(), {})).toEqual([
      {
        operation: 'create',
        object: {
          apiVersion: 'batch/v1',
          kind: 'Job',
          metadata: {
            name: 'a-1795514400',
            namespace: 'shop',
            labels: { a: 'b' },
            ownerReferences: [{ apiVersion: 'batch/v1', kind: 'CronJob', name: 'a', uid: 'u' }],
          },
          spec: { template },
        },
      },
    ]));

  it.each(['-1', '1.5', 'many', ''])('scale to %j is refused', (replicas) =>
    expect(scripts.run('scale', deployment(), { replicas })).rejects.toMatchObject({
      message: expect.stringContaining('a whole number from 0 on is needed'),
    }),
  );
});
