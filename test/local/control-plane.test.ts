import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { apiRequest, type ApiServer } from '../../src/local/api-request.js';
import { attachControlPlane, startControlPlane, type ControlPlane } from '../../src/local/control-plane.js';
import { clientCredentials } from '../../src/local/control-plane-identities.js';
import { controlPlaneLayout } from '../../src/local/control-plane-layout.js';
import { identify, isRunning } from '../../src/local/process-identity.js';
import { eventually } from '../support/eventually.js';

const deployments = '/apis/apps/v1/namespaces/default/deployments';
const dir = mkdtempSync(join(tmpdir(), 'sloth-control-plane-'));
let plane: ControlPlane;
let engine: ApiServer;

interface PodList {
  readonly items: readonly {
    readonly status: {
      readonly phase: string;
      readonly containerStatuses?: readonly { readonly state: { readonly waiting?: { readonly reason: string } } }[];
    };
  }[];
}

function deployment(name: string, image: string): object {
  const labels = { app: name };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'web', image }] } },
    },
  };
}

async function availableReplicas(name: string): Promise<number | undefined> {
  const { body } = await apiRequest(engine, 'GET', `${deployments}/${name}`);
  return (body as { status: { availableReplicas?: number } }).status.availableReplicas;
}

async function pods(app: string): Promise<PodList['items']> {
  const { body } = await apiRequest(engine, 'GET', `/api/v1/namespaces/default/pods?labelSelector=app%3D${app}`);
  return (body as PodList).items;
}

const waitingReason = (pod: PodList['items'][number] | undefined): string | undefined =>
  pod?.status.containerStatuses?.[0]?.state.waiting?.reason;

beforeAll(async () => {
  plane = await startControlPlane({ dir, detached: false });
  engine = { url: plane.serverUrl, credentials: clientCredentials(controlPlaneLayout(dir), 'sloth-runner') };
});

afterAll(async () => {
  await plane?.stop();
  rmSync(dir, { recursive: true, force: true });
});

describe('a local control plane', () => {
  it('makes a Deployment available', async () => {
    expect((await apiRequest(engine, 'POST', deployments, deployment('web', 'registry.example/web:1.0'))).status).toBe(
      201,
    );
    expect(await eventually(() => availableReplicas('web'))).toBe(1);
  });

  it('leaves a Deployment with the image tag "broken" in ImagePullBackOff', async () => {
    await apiRequest(engine, 'POST', deployments, deployment('bad', 'registry.example/web:broken'));
    const reason = await eventually(async () => waitingReason((await pods('bad'))[0]));
    expect(reason).toBe('ImagePullBackOff');
    expect(await availableReplicas('bad')).toBeUndefined();
    expect((await pods('bad')).map((pod) => pod.status.phase)).toEqual(['Pending']);
  });

  it('keeps the old Pod when the image is changed to a broken one', async () => {
    await apiRequest(engine, 'PUT', `${deployments}/web`, deployment('web', 'registry.example/web:broken'));
    await eventually(async () => (await pods('web')).map(waitingReason).find(Boolean));
    expect(await availableReplicas('web')).toBe(1);
    await apiRequest(engine, 'PUT', `${deployments}/web`, deployment('web', 'registry.example/web:1.0'));
    await eventually(async () => ((await pods('web')).length === 1 ? true : undefined));
  });

  it('tells the writes of the engine from those of others in the audit log, with the dry run', async () => {
    await apiRequest(engine, 'POST', `${deployments}?dryRun=All`, deployment('dry', 'registry.example/web:1.0'));
    const lines = readFileSync(plane.auditLog, 'utf8').trimEnd().split('\n');
    const events = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    const writes = events.filter((event) => event['verb'] === 'create' && isBy(event, 'sloth-runner'));
    expect(writes.map((event) => event['requestURI'])).toEqual([deployments, deployments, `${deployments}?dryRun=All`]);
    expect(writes[0]).toMatchObject({
      level: 'Metadata',
      stage: 'ResponseComplete',
      userAgent: 'sloth-runner-local',
      objectRef: { resource: 'deployments', namespace: 'default', name: 'web' },
      responseStatus: { code: 201 },
    });
    expect(events.some((event) => isBy(event, 'sloth-runner-local-admin'))).toBe(true);
  });

  it('serves nobody without credentials, and the same users by token', async () => {
    const whoAmI = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
    const review = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
    const anonymous = { ...engine, credentials: { ca: plane.certificateAuthority, certificate: '', key: '' } };
    expect((await apiRequest(anonymous, 'GET', '/api/v1/namespaces')).status).toBe(401);
    const { body } = await apiRequest(engine, 'POST', whoAmI, review);
    expect(body).toMatchObject({ status: { userInfo: { username: 'sloth-runner' } } });
    expect(plane.tokens.slothRunner).not.toBe(plane.tokens.admin);
  });

  it('lets only its owner read its files', () => {
    for (const path of [plane.kubeconfig, plane.auditLog, join(dir, 'tokens.csv'), join(dir, 'control-plane.json')]) {
      expect([path, statSync(path).mode & 0o777]).toEqual([path, 0o600]);
    }
    expect(statSync(join(dir, 'pki')).mode & 0o777).toBe(0o700);
  });

  it('refuses to start twice in one folder and can be attached to instead', async () => {
    await expect(startControlPlane({ dir })).rejects.toMatchObject({ code: 'LocalClusterFailed' });
    expect((await attachControlPlane(dir))?.processes).toEqual(plane.processes);
  });

  it('leaves no process behind when stopped, and brings its objects back when started again', async () => {
    const identities = Object.values(plane.processes).map(identify);
    expect(identities.map(isRunning)).toEqual([true, true, true, true, true]);
    await plane.stop();
    expect(identities.some(isRunning)).toBe(false);
    expect(await attachControlPlane(dir)).toBeUndefined();
    plane = await startControlPlane({ dir, detached: false });
    engine = { ...engine, url: plane.serverUrl };
    expect(await availableReplicas('web')).toBe(1);
  });
});

function isBy(event: Record<string, unknown>, username: string): boolean {
  return (event['user'] as { username: string }).username === username;
}
