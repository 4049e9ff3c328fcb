/**
 * What a renderer may do and how it ends: real processes, of which nothing is left.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rendererHome } from '../../../src/adapters/render/renderer-home.js';
import { isolation, rendererLimits, runRenderer } from '../../../src/adapters/render/run-renderer.js';
import { eventually } from '../../support/eventually.js';

let folder: string;
let server: Server;
let requests = 0;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sloth-renderer-'));
  server = createServer((_request, response) => {
    requests++;
    response.end('reached');
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
});

afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

function run(script: string, limits: Partial<typeof rendererLimits> = {}, signal = new AbortController().signal) {
  const command = ['/bin/sh', '-c', script];
  const env = { HOME: folder };
  return runRenderer({ name: 'kustomize', command, folder, env, signal, limits: { ...rendererLimits, ...limits } });
}

/** The line writes the pids of itself and of a child into a file, and neither ends by itself. */
const endless = (file: string): string => `/bin/sleep 100 & echo "$$ $!" > ${file}; wait`;

async function pidsIn(file: string): Promise<number[]> {
  const text = await eventually(async () => {
    try {
      return readFileSync(join(folder, file), 'utf8') || undefined;
    } catch {
      return undefined;
    }
  });
  return text.trim().split(' ').map(Number);
}

/** A zombie whose parent does not reap it runs no more. */
function isRunning(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

async function areGone(pids: readonly number[]): Promise<void> {
  await eventually(async () => (pids.some(isRunning) ? undefined : true));
}

describe('a renderer', () => {
  it('gives its exit code and what it wrote', async () =>
    expect(await run('echo out; echo err >&2; exit 3')).toEqual({ exitCode: 3, stdout: 'out\n', stderr: 'err\n' }));

  it('is ended with all it started when it takes too long', async () => {
    await expect(run(endless('late'), { timeMs: 300 })).rejects.toMatchObject({
      code: 'RenderFailed',
      message: 'kustomize was ended: it took longer than 0.3 s',
    });
    await areGone(await pidsIn('late'));
  });

  it('is ended with all it started when nobody waits any more', async () => {
    const nobody = new AbortController();
    const running = run(endless('cancelled'), {}, nobody.signal);
    const refused = expect(running).rejects.toThrow('nobody waits');
    const pids = await pidsIn('cancelled');
    expect(pids.every(isRunning)).toBe(true);
    nobody.abort(new Error('nobody waits'));
    await refused;
    await areGone(pids);
  });

  it('leaves nothing in the background', async () => {
    await run(
      `${endless('background').replace('; wait', '')}`.replace('/bin/sleep 100 &', '/bin/sleep 100 >/dev/null 2>&1 &'),
    );
    await areGone((await pidsIn('background')).slice(1));
  });

  it('is ended when it writes too much', async () =>
    expect(run('while :; do echo yes; done', { outputBytes: 1 << 20 })).rejects.toMatchObject({
      code: 'RenderFailed',
      message: 'kustomize was ended: its output is larger than 1 MiB',
    }));

  it('sees nothing of our environment', async () => {
    process.env['SLOTH_CANARY'] = 'secret';
    const { stdout } = await run('/usr/bin/env');
    delete process.env['SLOTH_CANARY'];
    const names = stdout.split('\n').map((line) => line.replace(/=.*/, ''));
    const ours = names.filter((name) => !/proxy$/i.test(name));
    expect(['', 'HOME', 'PWD', 'SHLVL', '_']).toEqual(expect.arrayContaining(ours));
    expect(stdout).not.toContain('secret');
  });

  it('has no network where the machine can take it away', async () => {
    const { port } = server.address() as AddressInfo;
    const fetch = `${process.execPath} -e 'fetch("http://127.0.0.1:${port}").then(() => console.log("reached"), () => console.log("refused"))'`;
    const { stdout } = await run(fetch, { memoryKiB: 4 << 20 });
    if ((await isolation()).length === 0) return;
    expect([stdout.trim(), requests]).toEqual(['refused', 0]);
  });

  it('has a home of empty folders and no program on its PATH', async () => {
    const env = await rendererHome(join(folder, 'own'));
    const { stdout } = await runRenderer({
      name: 'helm',
      command: [
        '/bin/sh',
        '-c',
        'git --version 2>/dev/null || echo none; cd "$HOME" && /bin/ls -A "$HELM_PLUGINS" "$PATH" .',
      ],
      folder,
      env,
      signal: new AbortController().signal,
    });
    expect(stdout.split('\n').filter((line) => line !== '' && !line.endsWith(':'))).toEqual(['none']);
  });
});
