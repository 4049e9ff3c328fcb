/**
 * A user's home for one test: a folder, a configuration, and the command line as a user would type it.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { testCluster } from './cluster.js';

export const binary = fileURLToPath(new URL('../../bin/sloth-runner.js', import.meta.url));

export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Home {
  readonly dir: string;
  readonly env: NodeJS.ProcessEnv;
  /** Runs `sloth-runner ...args` to its end. */
  cli(...args: string[]): Promise<CommandResult>;
  /** Like `cli`, and fails with the output when the exit code is not 0. */
  ok(...args: string[]): Promise<string>;
  /** Parsed standard output of a command with `-o json`. */
  json<T>(...args: string[]): Promise<T>;
  /** Writes a file into the home and gives its path. */
  file(name: string, content: string): string;
  /** Stops the server and removes the folder. */
  close(): Promise<void>;
}

export interface HomeOptions {
  readonly config?: object;
  /** Further names of the test's cluster: the port of loopback under which each reaches its API server. */
  readonly clusters?: Readonly<Record<string, number>>;
  readonly env?: NodeJS.ProcessEnv;
  /** Files of the home, beside its configuration. */
  readonly files?: Readonly<Record<string, string>>;
}

export async function openHome({
  config = {},
  clusters = {},
  env: extra = {},
  files = {},
}: HomeOptions = {}): Promise<Home> {
  const dir = mkdtempSync(join(tmpdir(), 'sloth-home-'));
  const known = { clusters: await kubeconfigs(dir, clusters) };
  writeFileSync(join(dir, 'config.yaml'), stringify({ ...known, ...config }), { mode: 0o600 });
  for (const [name, content] of Object.entries(files)) writeInto(dir, name, content);
  const env = await environmentOf(dir, extra);
  const cli = (...args: string[]): Promise<CommandResult> => runCommand(args, env, dir);
  const ok = async (...args: string[]): Promise<string> => {
    const result = await cli(...args);
    if (result.code !== 0)
      throw new Error(
        `sloth-runner ${args.join(' ')} ended with ${result.code}\n${result.stdout}\n${result.stderr}${serverLog(dir)}`,
      );
    return result.stdout;
  };
  return {
    dir,
    env,
    cli,
    ok,
    json: async <T>(...args: string[]) => JSON.parse(await ok(...args, '-o', 'json')) as T,
    file: (name, content) => writeInto(dir, name, content),
    close: async () => {
      await cli('server', 'stop');
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

function writeInto(dir: string, name: string, content: string): string {
  const path = join(dir, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, content);
  return path;
}

/** The engine's own kubeconfig with other ports: the API server's certificate holds for any of 127.0.0.1. */
async function kubeconfigs(dir: string, clusters: Readonly<Record<string, number>>): Promise<object> {
  const { kubeconfig, serverUrl } = await testCluster();
  const text = readFileSync(kubeconfig, 'utf8');
  const written = Object.entries(clusters).map(([name, port]) => {
    const path = join(dir, `${name}.kubeconfig`);
    writeFileSync(path, text.replaceAll(serverUrl, `https://127.0.0.1:${port}`), { mode: 0o600 });
    return [name, { kubeconfig: path }];
  });
  return Object.fromEntries(written) as object;
}

/** Nothing of the developer's own clusters, profiles or colours. */
async function environmentOf(dir: string, extra: NodeJS.ProcessEnv): Promise<NodeJS.ProcessEnv> {
  const { PATH, HOME: _home, XDG_CACHE_HOME, SLOTH_TOOLS } = process.env;
  const cache = XDG_CACHE_HOME ?? join(process.env['HOME'] ?? '', '.cache');
  return {
    PATH,
    HOME: dir,
    XDG_CACHE_HOME: cache,
    ...(SLOTH_TOOLS === undefined ? {} : { SLOTH_TOOLS }),
    SLOTH_HOME: dir,
    KUBECONFIG: (await testCluster()).kubeconfig,
    NO_COLOR: '1',
    ...extra,
  };
}

/** @param hear is given standard error so far, whenever more of it comes */
export function runCommand(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  cwd: string,
  hear: (stderr: string) => void = () => undefined,
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [binary, ...args], { env, cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    const out = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk: Buffer) => (out.stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => hear((out.stderr += chunk.toString())));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? -1, ...out }));
  });
}

function serverLog(dir: string): string {
  try {
    return `\n--- server.log\n${readFileSync(join(dir, 'server.log'), 'utf8').slice(-4000)}`;
  } catch {
    return '';
  }
}
