/**
 * A child that leads a process group of its own, so that whatever it started ends with it.
 */
import type { ChildProcess } from 'node:child_process';

/** Between SIGTERM and SIGKILL, in ms. */
const graceMs = 2000;

/** Its exit code, null when a signal ended it; rejects when it could not be started. */
export function closed(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
}

/** Asks the group to end, and kills it when it does not. */
export function endGroup(child: ChildProcess): void {
  signalGroup(child, 'SIGTERM');
  setTimeout(() => signalGroup(child, 'SIGKILL'), graceMs).unref();
}

export function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch {
    // the group is gone already
  }
}
