/**
 * Runs a shell line in a process group of its own, so that whatever it started ends with it.
 */
import { spawn } from 'node:child_process';
import { closed, endGroup, signalGroup } from './process-group.js';

export interface ShellOptions {
  /** Working folder. */
  readonly folder: string;
  /** All of the environment there is. */
  readonly env: Readonly<Record<string, string>>;
  /** Ends the whole group. */
  readonly signal: AbortSignal;
}

export interface ShellResult {
  /** null when it was ended by a signal. */
  readonly exitCode: number | null;
  /** The last 4,096 characters of what it wrote to either stream. */
  readonly output: string;
}

const keptCharacters = 4096;

/** @throws the signal's reason when it aborts, once the group is gone */
export async function runShell(line: string, { folder, env, signal }: ShellOptions): Promise<ShellResult> {
  signal.throwIfAborted();
  const child = spawn('/bin/sh', ['-c', line], { cwd: folder, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output = (output + chunk.toString('utf8')).slice(-keptCharacters)));
  const stop = (): void => endGroup(child);
  signal.addEventListener('abort', stop, { once: true });
  try {
    const exitCode = await closed(child);
    signal.throwIfAborted();
    return { exitCode, output };
  } finally {
    signal.removeEventListener('abort', stop);
    signalGroup(child, 'SIGKILL'); // what the line left in the background
  }
}
