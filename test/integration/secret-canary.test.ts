/**
 * A Secret's value goes from git to the cluster and nowhere else: not into Temporal's database, not into a log.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { kubectl } from '../support/cluster.js';
import { Engine, type TestApplication } from '../support/engine.js';
import { configMap, hookJob } from '../support/manifests.js';

const canary = 'c4n4ry-of-a-secret';
const encoded = Buffer.from(canary).toString('base64');
const forms = [canary, encoded, encoded.replace(/=+$/, '')];

let engine: Engine;
let app: TestApplication;

const secret = (value: string): string =>
  `apiVersion: v1\nkind: Secret\nmetadata: { name: s }\nstringData: { password: "${value}" }\n`;

/** It quotes what it complains of, as careless policies do. */
const telling = `apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: { name: telling }
spec:
  matchConstraints:
    resourceRules: [{ apiGroups: [""], apiVersions: ["*"], operations: ["*"], resources: ["secrets"] }]
  validations:
    - expression: "has(object.data) && size(object.data) > 5"
      messageExpression: "'it holds ' + string(object.data.password)"
`;

beforeAll(async () => {
  engine = await Engine.open();
  const files = {
    'app.yaml': configMap('app'),
    's.yaml': secret(canary),
    'before.yaml': hookJob('before', 'helm.sh/hook: pre-install'),
  };
  app = await engine.declare(
    'canary',
    files,
    `, rollback_on_failure = true, sync_policy = { self_heal = true, auto_prune = true }`,
  );
});
afterAll(() => engine.close());

/** Files of the home besides the artifacts, which hold the sets themselves, and the mirrors of git. */
function files(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (['artifacts', 'mirrors'].includes(name)) return [];
    return statSync(path).isDirectory() ? files(path) : statSync(path).isFile() ? [path] : [];
  });
}

function filesWith(...texts: readonly string[]): string[] {
  return files(engine.home.dir).filter((path) => {
    const bytes = readFileSync(path);
    return texts.some((text) => bytes.includes(text));
  });
}

const leaks = (): string[] => filesWith(...forms);

describe('the value of a Secret', () => {
  it.each<[string, () => Promise<unknown>]>([
    ['in a sync', () => engine.sync(app)],
    ['in a diff', async () => engine.home.cli('app', 'diff', 'canary')],
    [
      'when somebody changed it, and it is put back',
      async () => {
        await kubectl(
          'patch',
          'secret',
          's',
          '-n',
          app.namespace,
          '--type=merge',
          '-p',
          '{"stringData":{"password":"other"}}',
        );
        await engine.client.lookForDrift(app.id);
      },
    ],
    [
      'when the server refuses it, quoting it',
      async () => {
        app.repository.commit({
          's.yaml': `apiVersion: v1\nkind: Secret\nmetadata: { name: s }\ndata: { password: "${canary}" }\n`,
        });
        return engine.sync(app);
      },
    ],
    [
      'when its field is of another type',
      async () => {
        app.repository.commit({ 's.yaml': `apiVersion: v1\nkind: Secret\nmetadata: { name: s }\ndata: "${canary}"\n` });
        return engine.sync(app);
      },
    ],
    [
      'when it is no YAML',
      async () => {
        app.repository.commit({
          's.yaml': `apiVersion: v1\nkind: Secret\nmetadata: { name: s }\nstringData: { password: *${canary} }\n`,
        });
        return engine.sync(app);
      },
    ],
  ])('%s', async (_title, act) => {
    await act();
    expect(leaks()).toEqual([]);
  });

  it('would be found: what is no secret is in the database as it was written', () =>
    expect(filesWith(app.namespace)).not.toEqual([]));

  it('when a policy quotes it', async () => {
    const files = { 's.yaml': secret(canary), 'policies/telling.yaml': telling };
    const told = await engine.declare('canary-policy', files, ', policies = "policies"');
    expect(await engine.sync(told)).toMatchObject({ errorCode: 'PolicyViolation' });
    await engine.home.cli('app', 'diff', 'canary-policy');
    expect(leaks()).toEqual([]);
  });
});
