/**
 * Runs a shell line of a sync hook and keeps the end of what it says.
 */
import { closed, endGroup } from './process-group.js';
import { startShell, type ShellLine } from './shell-process.js';

export interface ShellOptions extends Omit<ShellLine, 'line'> {
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
export async function runShell(line: string, { signal, ...options }: ShellOptions): Promise<ShellResult> {
  signal.throwIfAborted();
  const child = startShell({ line, ...options });
  child.stdin.end();
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
  }
}
