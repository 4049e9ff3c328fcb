/**
 * `sloth-runner health -f FILE` as it is typed, without a server.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pc from 'picocolors';
import { buildProgram } from '../../src/cli/main.js';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sloth-health-'));
  file('checks/example.org/Thing/health.lua', 'return { status = obj.spec.say, message = obj.metadata.name }');
  file('checks/example.org/Broken/health.lua', 'return { status = ');
  file('checks/_.wild.org/_/health.lua', 'return { status = "Suspended", message = obj.kind }');
  file('checks/apps/Deployment/health.lua', 'return { status = "Degraded", message = "says the script" }');
  file('checks/apps/Deployment/testdata/health.lua', 'return { status = "Healthy" }');
  file('checks/health.lua', 'return { status = "Healthy" }');
});

afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}

async function health(...args: string[]): Promise<string[]> {
  const printed: string[] = [];
  const terminal = {
    paint: pc.createColors(false),
    interactive: false,
    print: (text: string) => void printed.push(text),
    note: () => undefined,
    error: () => undefined,
  };
  await buildProgram({ terminal, env: {} }, () => undefined).parseAsync(['health', ...args], { from: 'user' });
  return printed;
}

const lines = async (text: string, ...args: string[]): Promise<string[]> =>
  health('-f', file('documents.yaml', text), '-o', 'json', ...args);

const thing = (say: string, more = ''): string =>
  `apiVersion: example.org/v1\nkind: Thing\nmetadata: {name: ${say.toLowerCase()}, namespace: ns${more}}\nspec: {say: ${say}}\n`;

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec: {replicas: 2}
status: {observedGeneration: 1, replicas: 2, updatedReplicas: 2, readyReplicas: 2, availableReplicas: 2}
`;

describe('the health of a file', () => {
  it('is one line a document, in order, its keys in order', async () => {
    const text = `${thing('Healthy')}---\n${deployment}---\n---\napiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n`;
    expect(await lines(text)).toEqual([
      '{"group":"example.org","kind":"Thing","namespace":"ns","name":"healthy","status":"Healthy","message":""}',
      '{"group":"apps","kind":"Deployment","namespace":"","name":"web","status":"Healthy","message":""}',
      '{"group":"","kind":"Namespace","namespace":"","name":"a","status":"Healthy","message":""}',
    ]);
  });

  it.each([
    ['no object', '- a\n', 'the document is no object'],
    ['no kind', 'apiVersion: v1\n', 'the document has no kind'],
    ['no apiVersion', 'kind: Pod\n', 'the document has no apiVersion'],
    ['no YAML', 'a: [\n', expect.stringMatching(/documents\.yaml:\d+: /)],
    [
      'a status of another form',
      'apiVersion: v1\nkind: Pod\nstatus: {containerStatuses: 7}\n',
      expect.stringMatching(/^its status is not that of a Pod/),
    ],
  ])('is Unknown for a document with %s, and the others follow', async (_title, text, message) => {
    const [first, second] = (await lines(`${text}---\n${thing('Healthy')}`)).map((l) => JSON.parse(l) as object);
    expect(first).toMatchObject({ status: 'Unknown', message });
    expect(second).toMatchObject({ status: 'Healthy' });
  });

  it('of a List is the worst of its items, which it names', async () => {
    const items = `apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Namespace, metadata: {name: a}}\n- {apiVersion: batch/v1, kind: CronJob, metadata: {name: b, namespace: ns}, spec: {suspend: true}}\n`;
    const [line] = (await lines(items)).map((l) => JSON.parse(l) as object);
    expect(line).toEqual({
      group: '',
      kind: 'List',
      namespace: '',
      name: '',
      status: 'Suspended',
      message: 'CronJob ns/b: the schedule is suspended',
    });
  });

  it('is a table when nobody asks for JSON', async () => {
    const [table] = await health('-f', file('documents.yaml', deployment));
    expect(table).toBe(
      'KIND         NAMESPACE   NAME   STATUS    MESSAGE\nDeployment   -           web    Healthy   -',
    );
  });

  it('of nothing is nothing', async () => {
    expect(await lines('---\n# nothing\n')).toEqual([]);
    expect(await health('-f', file('documents.yaml', ''))).toEqual([]);
  });
});

describe('health --checks', () => {
  const judged = async (text: string): Promise<object> =>
    JSON.parse((await lines(text, '--checks', join(folder, 'checks')))[0] ?? '') as object;

  it.each(['Healthy', 'Progressing', 'Degraded', 'Suspended', 'Missing', 'Unknown'])(
    'takes %s from a script',
    async (say) => expect(await judged(thing(say))).toMatchObject({ status: say, message: say.toLowerCase() }),
  );

  it('asks the script before the built-in rule', async () =>
    expect(await judged(deployment)).toMatchObject({ status: 'Degraded', message: 'says the script' }));

  it('asks the built-in rule where there is no script', async () =>
    expect(await judged(deployment.replace('Deployment', 'StatefulSet'))).toMatchObject({ status: 'Healthy' }));

  it('takes _ in a folder for any text', async () =>
    expect(await judged('apiVersion: some.wild.org/v1\nkind: Any\n')).toMatchObject({
      status: 'Suspended',
      message: 'Any',
    }));

  it('says Unknown, and why, when the script is broken', async () =>
    expect(await judged('apiVersion: example.org/v1\nkind: Broken\n')).toMatchObject({
      status: 'Unknown',
      message: expect.stringMatching(/^example\.org\/Broken\/health\.lua:1: /),
    }));

  it('never calls healthy what is being deleted, but listens to a script that knows more', async () => {
    const deleted = ', deletionTimestamp: "2026-01-01T00:00:00Z"';
    expect(await judged(thing('Healthy', deleted))).toMatchObject({
      status: 'Progressing',
      message: 'Pending deletion',
    });
    expect(await judged(thing('Degraded', deleted))).toMatchObject({ status: 'Degraded', message: 'degraded' });
  });
});

describe('health refuses', () => {
  it.each([
    ['a file that is not there', ['-f', '/nowhere/a.yaml'], /cannot read \/nowhere\/a.yaml/],
    ['nothing to judge', [], /nothing to judge/],
    [
      'a folder of checks that is not there',
      ['-f', '/dev/null', '--checks', '/nowhere'],
      /cannot read health scripts of \/nowhere/,
    ],
  ])('%s', async (_title, args, message) => {
    await expect(health(...args)).rejects.toMatchObject({
      code: 'InvalidInput',
      message: expect.stringMatching(message),
    });
  });

  it('a folder that holds no script', async () => {
    const empty = dirname(file('empty/a.txt', ''));
    await expect(health('-f', '/dev/null', '--checks', empty)).rejects.toThrow(/holds no health script/);
  });
});
