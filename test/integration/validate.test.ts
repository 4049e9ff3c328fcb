/**
 * `validate` as it is typed: no server is started, no cluster is asked.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runCommand, type CommandResult } from '../support/home.js';
import { service } from '../support/manifests.js';

const dir = mkdtempSync(join(tmpdir(), 'sloth-validate-'));
const home = join(dir, 'home');
const limits = `apiVersion: sloth-runner.dev/v1
kind: Policy
metadata: { name: limits }
spec: { max_replicas: 3 }
`;

beforeAll(() => {
  mkdirSync(join(dir, 'apps'));
  writeFileSync(join(dir, 'apps/web.yaml'), service('web', { replicas: 5 }));
  writeFileSync(join(dir, 'apps/deploy.lua'), 'print("hello")\n');
  writeFileSync(join(dir, 'limits.yaml'), limits);
  writeFileSync(join(dir, 'warned.yaml'), limits.replace('max_replicas', 'action: warn, max_replicas'));
});

afterAll(() => rmSync(dir, { recursive: true, force: true }));

const validate = (...args: string[]): Promise<CommandResult> =>
  runCommand(
    args,
    { PATH: process.env['PATH'], HOME: dir, SLOTH_HOME: home, KUBECONFIG: '/nowhere', NO_COLOR: '1' },
    dir,
  );

/** Where a script is among the files. */
const next = 'scripts were read, not run: `sloth-runner plan -f FILE` shows the steps of one\n';

describe('validate', () => {
  it('of what is right exits 0 and sums up', async () =>
    expect(await validate('validate', 'apps')).toEqual({
      code: 0,
      stdout: '',
      stderr: `2 files, 4 objects: 0 errors, 0 warnings\n${next}`,
    }));

  it('of what policies forbid exits 1 and names file, line, object and field', async () =>
    expect(await validate('lint', 'apps', '--policy', 'limits.yaml')).toEqual({
      code: 1,
      stdout: 'apps/web.yaml:22: Deployment/web: spec.replicas: 5 replicas are more than 3 (policy limits)\n',
      stderr: `2 files, 4 objects: 1 error, 0 warnings\n${next}`,
    }));

  it('counts the policies of the operator too', async () => {
    writeFileSync(join(dir, 'config.yaml'), 'policies: limits.yaml\n');
    const env = { PATH: process.env['PATH'], HOME: dir, SLOTH_HOME: home, SLOTH_CONFIG: join(dir, 'config.yaml') };
    expect(await runCommand(['validate', 'apps'], env, dir)).toMatchObject({ code: 1 });
  });

  it('lets warnings pass, unless it is strict', async () => {
    expect(await validate('validate', 'apps', '--policy', 'warned.yaml')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('apps/web.yaml:22: warning: Deployment/web: spec.replicas: '),
    });
    expect(await validate('validate', 'apps', '--policy', 'warned.yaml', '--strict')).toMatchObject({ code: 1 });
  });

  it('speaks JSON', async () => {
    const { stdout } = await validate('validate', 'apps', '--policy', 'limits.yaml', '-o', 'json');
    expect(JSON.parse(stdout)).toMatchObject({
      apiVersion: 'sloth-runner.dev/v1',
      findings: [
        { severity: 'error', file: 'apps/web.yaml', line: 22, resource: 'Deployment/web', field: 'spec.replicas' },
      ],
      objects: 4,
    });
  });

  it.each([
    ['no path', [], /missing required argument 'path'/],
    ['a path that is not there', ['nowhere'], /cannot read nowhere/],
    ['an output format that is none', ['apps', '-o', 'xml'], /'xml' is not an output format/],
  ])('of %s exits 2', async (_title, args, message) =>
    expect(await validate('validate', ...args)).toMatchObject({ code: 2, stderr: expect.stringMatching(message) }),
  );

  it('starts nothing', () => expect(existsSync(home)).toBe(false));
});
