/**
 * `repo` and `cluster` on the command line: what is added has answered first, and what is used is not removed.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RepositoryMemo } from '../../src/workflows/messages.js';
import { testCluster } from '../support/cluster.js';
import { Engine } from '../support/engine.js';
import { eventually } from '../support/eventually.js';
import type { CommandResult } from '../support/home.js';
import { configMap } from '../support/manifests.js';
import { createRepository, type TestRepository } from '../support/repository.js';

let engine: Engine;
let repository: TestRepository;
const cli = (...args: string[]): Promise<CommandResult> => engine.home.cli(...args);

beforeAll(async () => {
  engine = await Engine.open();
  repository = createRepository({ 'app.yaml': configMap('web') });
});

afterAll(async () => {
  await engine.close();
  repository.remove();
});

async function listed(): Promise<readonly RepositoryMemo[]> {
  return (await engine.home.json<{ items: RepositoryMemo[] }>('repo', 'list')).items;
}

describe('repo', () => {
  it('add registers what answers, and list shows it', async () => {
    expect(await engine.home.ok('repo', 'add', repository.url, '--id', 'shop')).toBe('shop\n');
    await eventually(async () => (await listed()).find(({ id }) => id === 'shop'));
    const wide = await engine.home.ok('repo', 'list', '-o', 'wide');
    expect(wide).toMatch(/^ID +URL +FOLLOWERS +STATE +BRANCHES +CREDENTIALS/);
    expect(wide).toMatch(/^shop +file:\S+ +0 +ok +main +none/m);
    expect(await engine.home.ok('repo', 'list', '-o', 'name')).toContain('shop');
  });

  const refused: [title: string, args: () => string[], code: number, words: RegExp][] = [
    ['an address that is none', () => ['ftp://git.example/a/b'], 2, /is no repository address/],
    ['a repository that is not there', () => [`${repository.url}.gone`], 1, /not found|does not exist|no repository/i],
    ['a branch that is not there', () => [repository.url, '--branch', 'mian'], 1, /no branch.*'mian'/],
    ['a token on the command line', () => [repository.url, '--token', 'ghp_0123456789'], 2, /--token takes the place/],
    ['two kinds of credentials', () => [repository.url, '--token', 'env:A', '--ssh-key', 'file:/k'], 2, /exclude each/],
  ];
  it.each(refused)('add refuses %s and stores nothing', async (_title, args, code, words) => {
    const before = (await listed()).length;
    const result = await cli('repo', 'add', ...args(), '--id', 'refused');
    expect([result.code, result.stderr]).toEqual([code, expect.stringMatching(words)]);
    expect(result.stderr).not.toContain('ghp_0123456789');
    expect(await listed()).toHaveLength(before);
  });

  it('remove refuses while an application uses it, and forgets it afterwards', async () => {
    const source = 'assert(gitops.workflow({ repo = "shop", name = "user", namespace = "default" }))';
    await engine.client.scripts.result(await engine.client.scripts.start({ name: 'user.lua', source }));
    const used = await eventually(async () => {
      const result = await cli('repo', 'remove', 'shop');
      return result.code === 0 ? undefined : result;
    });
    expect([used.code, used.stderr]).toEqual([8, expect.stringContaining('shop is used by user')]);
    await engine.home.ok('app', 'delete', 'user', '--keep-resources', '--yes');
    await eventually(async () => ((await engine.client.list()).length === 0 ? true : undefined));
    expect(await engine.home.ok('repo', 'remove', 'shop')).toBe('shop removed\n');
    expect((await cli('repo', 'remove', 'shop')).code).toBe(4);
  });
});

describe('cluster', () => {
  it('add writes one that answers into config.yaml and keeps what people wrote there', async () => {
    const path = join(engine.home.dir, 'config.yaml');
    const own = '# clusters are named by the platform team\ndrift_interval: never # for now\n';
    writeFileSync(path, own);
    const { kubeconfig } = await testCluster();
    expect(await engine.home.ok('cluster', 'add', 'staging', '--kubeconfig', kubeconfig)).toMatch(
      /^staging added, Kubernetes v1\./,
    );
    expect(readFileSync(path, 'utf8')).toBe(`${own}clusters:\n  staging:\n    kubeconfig: ${kubeconfig}\n`);
    expect(await engine.home.ok('cluster', 'list')).toMatch(/^staging +v1\.\S+ +ok/m);
  });

  const refused: [title: string, args: () => string[], code: number, words: RegExp][] = [
    ['without a kubeconfig', () => ['b'], 2, /where the kubeconfig of b lies was not said/],
    ['whose kubeconfig is not there', () => ['b', '--kubeconfig', '/nowhere'], 2, /\/nowhere cannot be read/],
    ['that is there already', () => ['staging', '--kubeconfig', engine.home.env['KUBECONFIG'] ?? ''], 2, /already has/],
    ['that does not answer', () => ['b', '--kubeconfig', silent()], 1, /connect|reach/i],
  ];
  it.each(refused)('add refuses one %s and writes nothing', async (_title, args, code, words) => {
    const before = readFileSync(join(engine.home.dir, 'config.yaml'), 'utf8');
    const result = await cli('cluster', 'add', ...args());
    expect([result.code, result.stderr]).toEqual([code, expect.stringMatching(words)]);
    expect(readFileSync(join(engine.home.dir, 'config.yaml'), 'utf8')).toBe(before);
  });

  it('remove takes out one that no application goes to', async () => {
    expect(await engine.home.ok('cluster', 'remove', 'staging')).toBe('staging removed\n');
    expect(readFileSync(join(engine.home.dir, 'config.yaml'), 'utf8')).not.toContain('staging');
    expect((await cli('cluster', 'remove', 'staging')).code).toBe(2);
  });
});

/** A kubeconfig whose server is a port nobody listens on. */
function silent(): string {
  const text = readFileSync(engine.home.env['KUBECONFIG'] ?? '', 'utf8');
  return engine.home.file('silent.kubeconfig', text.replace(/server: .*/, 'server: https://127.0.0.1:9'));
}
