/** `server --role api` of the build, in a process of its own. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startProcess, waitUntilReady } from '../../src/local/process-group.js';
import { stopProcess } from '../../src/local/process-identity.js';

const binary = fileURLToPath(new URL('../../bin/sloth-runner.js', import.meta.url));

export const benchSecret = 'the secret of the bench';

/** @param dir of the setting; the home under it is the worker's too */
export async function startApi(dir: string, address: string): Promise<{ url: string; stop(): Promise<void> }> {
  const home = join(dir, 'home');
  writeFileSync(join(home, 'api.yaml'), 'webhooks: [{ sender: github, secret: "env:BENCH_SECRET" }]\n', {
    mode: 0o600,
  });
  const api = await startProcess({
    name: 'api',
    command: process.execPath,
    args: [binary, 'server', '--role', 'api', '--listen', '127.0.0.1:0'],
    env: {
      PATH: process.env['PATH'],
      HOME: home,
      SLOTH_HOME: home,
      SLOTH_CONFIG: join(home, 'api.yaml'),
      TEMPORAL_ADDRESS: address,
      BENCH_SECRET: benchSecret,
      NO_COLOR: '1',
    },
    logFile: join(home, 'api.log'),
    detached: false,
  });
  const url = (): string | undefined => /API at (\S+),/.exec(readFileSync(api.logFile, 'utf8'))?.[1];
  const isReady = async (): Promise<boolean> => url() !== undefined;
  await waitUntilReady({ what: 'the API', processes: [api], isReady, timeoutMs: 60_000 });
  return { url: url() ?? '', stop: () => stopProcess(api, 10_000) };
}
