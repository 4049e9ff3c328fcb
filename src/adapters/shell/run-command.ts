/**
 * Runs a shell line of a script: all of what it says, within limits of time and size.
 */
import { constants } from 'node:os';
import { closed, endGroup, signalGroup } from './process-group.js';
import { startShell, type ShellLine, type ShellProcess } from './shell-process.js';

export interface CommandRun extends ShellLine {
  readonly stdin?: string | undefined;
  readonly timeoutMs?: number | undefined;
  /** Ends the group: SIGTERM, then SIGKILL. */
  readonly signal: AbortSignal;
  /** Of each stream. */
  readonly limitBytes: number;
  /** Bytes so far, of both streams. */
  readonly progress?: (bytes: number) => void;
}

/** Why it did not end by itself. */
export type CommandEnd = 'exited' | 'aborted' | 'timed out' | 'too large';

export interface CommandOutcome {
  readonly end: CommandEnd;
  /** As a shell counts: 128 and the signal's number for one that a signal ended. */
  readonly exitCode: number;
  /** Up to the limit. */
  readonly stdout: Buffer;
  readonly stderr: Buffer;
}

/** Resolves once the group is gone; rejects when it cannot be started. */
export async function runCommand(run: CommandRun): Promise<CommandOutcome> {
  const child = startShell(run);
  let end: CommandEnd = 'exited';
  const stop = (why: CommandEnd): void => {
    if (end === 'exited') end = why;
    if (why === 'too large') signalGroup(child, 'SIGKILL');
    else endGroup(child);
  };
  const output = collect(child, run, () => stop('too large'));
  const abort = (): void => stop('aborted');
  const timer = run.timeoutMs === undefined ? undefined : setTimeout(() => stop('timed out'), run.timeoutMs);
  run.signal.addEventListener('abort', abort, { once: true });
  if (run.signal.aborted) abort();
  child.stdin.end(run.stdin ?? '');
  try {
    const exitCode = await closed(child);
    return { end, exitCode: exitCode ?? 128 + numberOf(child.signalCode), ...output() };
  } finally {
    clearTimeout(timer);
    run.signal.removeEventListener('abort', abort);
  }
}

function numberOf(signal: NodeJS.Signals | null): number {
  return signal === null ? 0 : constants.signals[signal];
}

function collect(child: ShellProcess, { limitBytes, progress }: CommandRun, tooLarge: () => void) {
  const kept = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  const sizes = { stdout: 0, stderr: 0 };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].on('data', (chunk: Buffer) => {
      const room = limitBytes - sizes[name];
      sizes[name] += chunk.length;
      if (room > 0) kept[name].push(chunk.subarray(0, room));
      if (chunk.length > room) tooLarge();
      progress?.(sizes.stdout + sizes.stderr);
    });
  return () => ({ stdout: Buffer.concat(kept.stdout), stderr: Buffer.concat(kept.stderr) });
}
