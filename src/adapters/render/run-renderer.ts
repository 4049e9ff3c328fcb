/**
 * Runs kustomize or helm: in a process group of its own, with an environment of our making, without a network where the
 * machine allows that, within limits of time, memory and output.
 *
 * The network is taken away by a namespace of its own (`unshare --net`, as root or with a user namespace). Where neither
 * is allowed, what is left are the flags, a PATH without programs, and proxies that point to a closed port.
 */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { promisify } from 'node:util';
import pLimit from 'p-limit';
import { GitOpsError } from '../../domain/errors.js';
import { closed, signalGroup } from '../shell/process-group.js';

export interface RendererRun {
  /** What messages call it. */
  readonly name: string;
  /** Absolute path of the program, and arguments. */
  readonly command: readonly string[];
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  /** Ends the group. */
  readonly signal: AbortSignal;
  readonly limits?: RendererLimits;
}

export interface RendererLimits {
  readonly timeMs: number;
  readonly outputBytes: number;
  readonly memoryKiB: number;
}

export interface RendererResult {
  /** null when it was ended by a signal. */
  readonly exitCode: number | null;
  readonly stdout: string;
  /** The last 64 KiB. */
  readonly stderr: string;
}

export const rendererLimits: RendererLimits = {
  timeMs: 60_000,
  outputBytes: 32 * 1024 * 1024,
  memoryKiB: 1024 * 1024,
};

const keptOfStderr = 64 * 1024;

/** More of them at once would only make each slower. */
const atATime = pLimit(2 * availableParallelism());

/** @throws GitOpsError RenderFailed beyond a limit; the signal's reason when it aborts. The group is gone by then */
export function runRenderer(run: RendererRun): Promise<RendererResult> {
  return atATime(() => runNow(run));
}

async function runNow(run: RendererRun): Promise<RendererResult> {
  const { signal, limits = rendererLimits } = run;
  const isolated = await isolation();
  signal.throwIfAborted();
  const child = start(run, limits, isolated);
  const kill = (): void => signalGroup(child, 'SIGKILL');
  let exceeded: string | undefined;
  const exceed = (what: string): void => {
    exceeded ??= what;
    kill();
  };
  const output = collect(child, limits, () => exceed(`its output is larger than ${mebibytes(limits.outputBytes)}`));
  const timer = setTimeout(() => exceed(`it took longer than ${limits.timeMs / 1000} s`), limits.timeMs);
  signal.addEventListener('abort', kill, { once: true });
  try {
    const exitCode = await closed(child);
    signal.throwIfAborted();
    const { stdout, stderr } = output();
    if (isOutOfMemory(exitCode, stderr))
      exceeded ??= `it needs more than ${mebibytes(limits.memoryKiB * 1024)} of memory`;
    if (exceeded !== undefined) throw tooMuch(run.name, exceeded);
    return { exitCode, stdout, stderr };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', kill);
    kill(); // what it left in the background
  }
}

function start(
  { command, folder, env }: RendererRun,
  { memoryKiB }: RendererLimits,
  isolated: readonly string[],
): ChildProcess {
  const limited = ['-c', `ulimit -c 0; ulimit -d ${memoryKiB}; exec "$@"`, 'sh', ...isolated, ...command];
  return spawn('/bin/sh', limited, {
    cwd: folder,
    env: { ...env, ...closedProxies },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Port 9 of this machine: nobody listens there. */
const nowhere = 'http://127.0.0.1:9';
const closedProxies = {
  HTTP_PROXY: nowhere,
  HTTPS_PROXY: nowhere,
  ALL_PROXY: nowhere,
  http_proxy: nowhere,
  https_proxy: nowhere,
  NO_PROXY: '',
  no_proxy: '',
};

let found: Promise<readonly string[]> | undefined;

/** The words that take the network away from the command behind them; none where this machine has no such way. */
export function isolation(): Promise<readonly string[]> {
  return (found ??= findIsolation());
}

async function findIsolation(): Promise<readonly string[]> {
  for (const words of [
    ['/usr/bin/unshare', '--net'],
    ['/usr/bin/unshare', '--user', '--map-root-user', '--net'],
  ]) {
    const [program = '', ...args] = words;
    const works = await promisify(execFile)(program, [...args, '/bin/sh', '-c', ':'], { timeout: 5000 }).then(
      () => true,
      () => false,
    );
    if (works) return words;
  }
  return [];
}

function collect(child: ChildProcess, { outputBytes }: RendererLimits, tooLarge: () => void) {
  const chunks: Buffer[] = [];
  let size = 0;
  let stderr = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > outputBytes) tooLarge();
    else chunks.push(chunk);
  });
  child.stderr?.on('data', (chunk: Buffer) => (stderr = (stderr + chunk.toString('utf8')).slice(-keptOfStderr)));
  return () => ({ stdout: Buffer.concat(chunks).toString('utf8'), stderr });
}

/** As Go's runtime says it. */
function isOutOfMemory(exitCode: number | null, stderr: string): boolean {
  return exitCode !== 0 && /out of memory|cannot allocate memory/.test(stderr);
}

function tooMuch(name: string, what: string): GitOpsError {
  return new GitOpsError('RenderFailed', `${name} was ended: ${what}`, {
    hint: 'split the application, or look for a loop in what it renders',
  });
}

function mebibytes(bytes: number): string {
  return `${Math.round(bytes / 1024 / 1024)} MiB`;
}
