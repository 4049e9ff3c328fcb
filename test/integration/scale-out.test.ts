/**
 * Workers of different roles on different homes, which share nothing but Temporal and a bucket: any worker can run any
 * step, because nothing is passed by a local path.
 */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTemporalServer, type TemporalServer } from '../../src/local/temporal-server.js';
import { searchAttributeNames } from '../../src/workflows/search-attributes.js';
import { freshNamespace } from '../support/cluster.js';
import { binary, openHome, type Home } from '../support/home.js';
import { configMap } from '../support/manifests.js';
import { createRepository, type TestRepository } from '../support/repository.js';
import { s3Environment, startS3Server, type S3Server } from '../support/s3-server.js';

const folder = mkdtempSync(join(tmpdir(), 'sloth-scale-'));
const servers: ChildProcess[] = [];
let temporal: TemporalServer;
let bucket: S3Server;
let repository: TestRepository;
/** The first two run workers, the third is a user's. */
let homes: Home[];

beforeAll(async () => {
  temporal = await startTemporalServer({
    dir: join(folder, 'temporal'),
    ui: false,
    searchAttributes: Object.fromEntries(searchAttributeNames.map((name) => [name, 'Keyword'])),
    detached: false,
  });
  bucket = await startS3Server();
  const config = { artifacts: bucket.config(), drift_interval: 'never' };
  const env = { TEMPORAL_ADDRESS: temporal.address, ...s3Environment };
  homes = await Promise.all([1, 2, 3].map(() => openHome({ config, env })));
  servers.push(serve(homes[0], '--role', 'engine,lua'), serve(homes[1], '--role', 'git,cluster'));
  repository = createRepository({ 'a.yaml': configMap('a', 'one') });
});

afterAll(async () => {
  await Promise.all(servers.map(ended));
  await Promise.all(homes.map((home) => home.close()));
  await Promise.all([temporal.stop(), bucket.stop()]);
  repository.remove();
  rmSync(folder, { recursive: true, force: true });
});

function serve(home: Home | undefined, ...flags: string[]): ChildProcess {
  return spawn(process.execPath, [binary, 'server', ...flags], { env: home?.env, cwd: home?.dir, stdio: 'ignore' });
}

async function ended(server: ChildProcess): Promise<number | null> {
  const gone = new Promise<number | null>((resolve) => server.once('exit', resolve));
  server.kill('SIGTERM');
  return gone;
}

it('a sync whose steps run on two machines that share a bucket alone', async () => {
  const user = homes[2] as Home;
  const namespace = await freshNamespace('scale');
  const script = `assert(gitops.workflow({ repo = "${repository.url}", name = "scale", namespace = "${namespace}" }))`;
  await user.ok('run', '-f', user.file('scale.lua', script));
  expect(await user.json('app', 'sync', 'scale')).toMatchObject({ status: 'succeeded' });
  repository.commit({ 'a.yaml': configMap('a', 'two') });
  const diff = await user.cli('app', 'diff', 'scale');
  expect(diff).toMatchObject({ code: 1, stdout: expect.stringContaining('two') });
  for (const { dir } of homes) expect(existsSync(join(dir, 'artifacts'))).toBe(false);
  expect(existsSync(join(homes[0]?.dir ?? '', 'mirrors'))).toBe(false); // git is the other's
  const { stdout } = await user.cli('doctor');
  expect(stdout).toMatch(/artifact store +ok +s3:\/\/artifacts\/test\/ at http:\/\/127\.0\.0\.1/);
});

it('a server that is asked to stop ends by itself, soon; its probes know', async () => {
  const [, second] = servers;
  const alive = join(homes[1]?.dir ?? '', 'worker.alive');
  expect(existsSync(alive)).toBe(true);
  const started = performance.now();
  expect(second === undefined ? 1 : await ended(second)).toBe(0);
  expect(performance.now() - started).toBeLessThan(15_000);
  expect(existsSync(alive)).toBe(false);
  servers.splice(1);
});
