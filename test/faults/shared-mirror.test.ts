/**
 * Two workers that share one mirror, and twenty applications of one repository that want the same new commit at once:
 * each worker fetches it once at most, and neither meets the other's half of it.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applicationSpec } from '../../src/client/application-spec.js';
import { freshNamespace, kubectl } from '../support/cluster.js';
import { configMap } from '../support/manifests.js';
import { createRepository, type TestRepository } from '../support/repository.js';
import { temporaryFiles } from './leftovers.js';
import { Rig } from './rig.js';

const count = 20;
const numbers = Array.from({ length: count }, (_, n) => n);
const files = (greeting: string): Record<string, string> =>
  Object.fromEntries(numbers.map((n) => [`app-${n}/app.yaml`, configMap(`app-${n}`, greeting)]));

let rig: Rig;
let repository: TestRepository;
let namespace: string;
let witness: string;
const path = process.env['PATH'];

beforeAll(async () => {
  witness = witnessedGit();
  rig = await Rig.open({ workers: 2 });
  repository = createRepository(files('first'));
  namespace = await freshNamespace('mirror');
  for (const n of numbers) await declare(n);
  await syncAll();
});

afterAll(async () => {
  process.env['PATH'] = path;
  await rig.close();
  repository.remove();
  rmSync(witness, { recursive: true });
});

/** A `git` in front of the real one that notes what it was asked for. Workers started from now on find it first. */
function witnessedGit(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sloth-git-'));
  const real = execFileSync('which', ['git'], { encoding: 'utf8' }).trim();
  writeFileSync(join(folder, 'git'), `#!/bin/sh\necho "$*" >> ${folder}/log\nexec ${real} "$@"\n`);
  chmodSync(join(folder, 'git'), 0o755);
  process.env['PATH'] = `${folder}:${path}`;
  return folder;
}

/** The command lines of git so far. */
function asked(): string[] {
  return readFileSync(join(witness, 'log'), 'utf8').trim().split('\n');
}

async function declare(n: number): Promise<void> {
  const config = { name: `app-${n}`, path: `app-${n}`, namespace, sync_policy: { health_check: { enabled: false } } };
  await rig.client.declare(applicationSpec(config, { url: repository.url }, new Date().toISOString()));
}

async function syncAll(): Promise<void> {
  const tickets = await Promise.all(numbers.map((n) => rig.client.sync(`app-${n}`)));
  const records = await Promise.all(tickets.map((ticket) => rig.client.wait(ticket, 60_000)));
  expect(records.map(({ status }) => status)).toEqual(numbers.map(() => 'succeeded'));
}

describe('a commit that twenty applications want from two workers at once', () => {
  it('is fetched and listed once by each worker, however many applications use it', async () => {
    const before = asked().length;
    repository.commit(files('second'));
    await syncAll();
    const commands = asked().slice(before);
    const fetches = commands.filter((line) => / fetch /.test(line));
    expect([1, 2]).toContain(fetches.length);
    const listings = commands.filter((line) => / ls-tree /.test(line));
    expect([1, 2]).toContain(listings.length);
  });

  it('is applied whole to each, and nothing unfinished stays', async () => {
    const greetings = await kubectl('get', 'configmaps', '-n', namespace, '-o', 'jsonpath={..data.greeting}');
    expect(greetings.split(' ')).toEqual(numbers.map(() => 'second'));
    expect(temporaryFiles(rig)).toEqual([]);
  });
});
