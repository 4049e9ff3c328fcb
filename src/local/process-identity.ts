import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { GitOpsError } from '../domain/errors.js';

/**
 * A process that can still be told apart after its pid was given to another: state files outlive machines' reboots, and
 * a signal sent by a bare pid from such a file would hit a stranger.
 */
export interface ProcessIdentity {
  readonly pid: number;
  /** Start time in clock ticks since boot, from /proc; undefined where there is no /proc. */
  readonly startedAt: string | undefined;
}

const pollMs = 20;
const killGraceMs = 5_000;

/** The identity of a process that runs now. */
export function identify(pid: number): ProcessIdentity {
  return { pid, startedAt: procStat(pid)?.startedAt };
}

/**
 * Where a pid means something, for files that processes elsewhere read as well: containers that share a host's name do not
 * share its processes.
 */
export function processPlace(): string {
  return `${processNamespace()}.${hostname()}`;
}

function processNamespace(): string {
  try {
    return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '';
  } catch {
    return '';
  }
}

/** True while exactly this process runs. A zombie does not count: where pid 1 does not reap, it would stay for ever. */
export function isRunning({ pid, startedAt }: ProcessIdentity): boolean {
  if (startedAt === undefined) return answersSignals(pid);
  const stat = procStat(pid);
  return stat !== undefined && stat.startedAt === startedAt && stat.state !== 'Z' && stat.state !== 'X';
}

/**
 * SIGTERM, then SIGKILL when it still runs after `graceMs`. Resolves when the process is gone (at once when it already
 * was); rejects with `LocalClusterFailed` when even SIGKILL does not end it within 5 s.
 */
export async function stopProcess(identity: ProcessIdentity, graceMs = 10_000): Promise<void> {
  signal(identity, 'SIGTERM');
  if (await isGoneWithin(identity, graceMs)) return;
  signal(identity, 'SIGKILL');
  if (await isGoneWithin(identity, killGraceMs)) return;
  throw new GitOpsError('LocalClusterFailed', `process ${identity.pid} survived SIGKILL for ${killGraceMs} ms`, {
    hint: 'it is stuck in the kernel (a dead disk or network mount?); look at it with ps',
  });
}

/** Sends a signal to exactly this process; does nothing when it is gone. */
export function signal(identity: ProcessIdentity, name: NodeJS.Signals): void {
  try {
    if (isRunning(identity)) process.kill(identity.pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function isGoneWithin(identity: ProcessIdentity, ms: number): Promise<boolean> {
  for (const deadline = Date.now() + ms; isRunning(identity); await delay(pollMs)) {
    if (Date.now() > deadline) return false;
  }
  return true;
}

function answersSignals(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Fields 3 and 22 of /proc/PID/stat (man 5 proc); field 2, the name, may hold spaces and brackets. */
function procStat(pid: number): { state: string; startedAt: string } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0] ?? '', startedAt: fields[19] ?? '' };
  } catch {
    return undefined;
  }
}
