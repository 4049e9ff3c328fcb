/**
 * Starts a shell line in a process group of its own that ends with it: when the line ends, when somebody ends the
 * group, and when this process is killed. For the last, a watcher inside the group reads from a pipe that only we hold
 * open; when it closes, the watcher kills the group. Only what a line puts into another session (`setsid`) escapes.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { signalGroup } from './process-group.js';

export interface ShellLine {
  readonly line: string;
  /** Working folder. */
  readonly folder: string;
  /** All of the environment there is. */
  readonly env: Readonly<Record<string, string>>;
  readonly shell?: string;
}

export interface ShellProcess extends ChildProcess {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
}

/** Scripts were written for bash, as Sloth Runner ran them; sync hooks for any POSIX shell. */
export const bash = ['/bin/bash', '/usr/bin/bash', '/usr/local/bin/bash'].find(existsSync) ?? '/bin/sh';

const starter = `(trap '' TERM INT HUP; read -r _ <&3; kill -s KILL -- -$$) >/dev/null 2>&1 </dev/null &
exec 3<&-
exec "$0" -c "$1"`;

export function startShell({ line, folder, env, shell = '/bin/sh' }: ShellLine): ShellProcess {
  const child = spawn('/bin/sh', ['-c', starter, shell, line], {
    cwd: folder,
    env,
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
  });
  for (const stream of child.stdio) stream?.on('error', () => undefined); // it may end before it has read all
  child.once('exit', () => signalGroup(child, 'SIGKILL')); // what the line left in the background, and the watcher
  return child as ChildProcess as ShellProcess;
}
