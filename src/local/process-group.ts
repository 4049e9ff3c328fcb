import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { GitOpsError, type ErrorCode } from '../domain/errors.js';
import { identify, isRunning, signal, type ProcessIdentity } from './process-identity.js';

/** A server to start. */
export interface ProcessSpec {
  /** What messages call it. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** The whole environment of the child: nothing of ours reaches it unasked. */
  readonly env: NodeJS.ProcessEnv;
  /** stdout and stderr are appended here; mode 0600. */
  readonly logFile: string;
  /**
   * true (default): a process group of its own, so Ctrl-C on our terminal does not reach it and it outlives us.
   * false: it stays in our group, and is killed when this process exits.
   */
  readonly detached?: boolean;
}

/** A started server. */
export interface RunningProcess extends ProcessIdentity {
  readonly name: string;
  readonly logFile: string;
}

const firstPollMs = 20;
const longestPollMs = 200;
const shownLogLines = 12;
const attached = new Set<ProcessIdentity>();
let killsAtExit = false;

/** Starts a server and returns as soon as it has a pid. Rejects when the command cannot be run at all. */
export async function startProcess(spec: ProcessSpec): Promise<RunningProcess> {
  const log = openSync(spec.logFile, 'a', 0o600);
  try {
    const { command, args, env, detached = true } = spec;
    const child = spawn(command, args, { env, detached, stdio: ['ignore', log, log] });
    const pid = await pidOf(child, spec);
    child.unref();
    const started = { ...identify(pid), name: spec.name, logFile: spec.logFile };
    if (!detached) killAtOurExit(started, child);
    return started;
  } finally {
    closeSync(log);
  }
}

/** What `waitUntilReady` waits for. */
export interface Readiness {
  /** Told in the error: "kube-apiserver did not become ready". */
  readonly what: string;
  /** The servers it depends on: when one exits, waiting ends. */
  readonly processes: readonly RunningProcess[];
  /** Asked again and again, 20 to 200 ms apart; a rejection counts as "not yet". */
  readonly isReady: () => Promise<boolean>;
  readonly timeoutMs: number;
  /** The code of the error; `LocalClusterFailed` by default. */
  readonly code?: ErrorCode;
}

/** Resolves when ready. Rejects, with the last lines of the log, on timeout or as soon as a process has exited. */
export async function waitUntilReady(readiness: Readiness): Promise<void> {
  const deadline = Date.now() + readiness.timeoutMs;
  let lastFailure: unknown;
  for (let pauseMs = firstPollMs; ; pauseMs = Math.min(pauseMs * 1.5, longestPollMs)) {
    const dead = readiness.processes.find((started) => !isRunning(started));
    if (dead !== undefined) throw notReady(readiness, `${dead.name} exited`, dead);
    if (await readiness.isReady().catch((error: unknown) => ((lastFailure = error), false))) return;
    if (Date.now() > deadline) {
      const reason = `not after ${readiness.timeoutMs} ms`;
      throw notReady(readiness, reason, readiness.processes.at(-1), lastFailure);
    }
    await delay(pauseMs);
  }
}

function notReady({ what, code }: Readiness, reason: string, blamed?: RunningProcess, cause?: unknown): GitOpsError {
  const log = blamed === undefined ? '' : `\n${lastLines(blamed.logFile)}`;
  return new GitOpsError(code ?? 'LocalClusterFailed', `${what} did not become ready: ${reason}${log}`, {
    ...(blamed === undefined ? {} : { hint: `the whole log is in ${blamed.logFile}` }),
    cause,
  });
}

function lastLines(file: string): string {
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-shownLogLines).join('\n');
}

function pidOf(child: ChildProcess, spec: ProcessSpec): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', (cause) => {
      const message = `${spec.name} could not be started: ${cause.message}`;
      reject(new GitOpsError('ToolMissing', message, { hint: `check that ${spec.command} can be executed`, cause }));
    });
    child.once('spawn', () => resolve(child.pid as number));
  });
}

function killAtOurExit(started: ProcessIdentity, child: ChildProcess): void {
  if (!killsAtExit) process.once('exit', () => attached.forEach((one) => signal(one, 'SIGKILL')));
  killsAtExit = true;
  attached.add(started);
  child.once('exit', () => attached.delete(started));
}
