/**
 * Where output goes: data on stdout, everything else on stderr; colour only where a person looks.
 */
import pc from 'picocolors';

export interface Terminal {
  readonly paint: ReturnType<typeof pc.createColors>;
  /** A person is watching stderr. */
  readonly interactive: boolean;
  /** Data. */
  print(text: string): void;
  /** Progress: what is being done now. */
  note(text: string): void;
  error(text: string): void;
}

export function processTerminal(env: NodeJS.ProcessEnv = process.env): Terminal {
  const coloured = wantsColour(env, process.stdout.isTTY === true);
  const paint = pc.createColors(coloured);
  const write = (stream: NodeJS.WriteStream, text: string): void => void stream.write(`${text}\n`);
  return {
    paint,
    interactive: process.stderr.isTTY === true,
    print: (text) => write(process.stdout, text),
    note: (text) => write(process.stderr, paint.dim(text)),
    error: (text) => write(process.stderr, text),
  };
}

/** https://no-color.org, https://force-color.org; no colour for dumb terminals, CI and pipes. */
function wantsColour(env: NodeJS.ProcessEnv, tty: boolean): boolean {
  if (env['NO_COLOR']) return false;
  if (env['FORCE_COLOR']) return true;
  return tty && env['TERM'] !== 'dumb' && !env['CI'];
}
