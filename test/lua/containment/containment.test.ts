/**
 * Escapes and bombs as data. Each run ends by itself, with a clear error, soon after its budget is spent, and leaves
 * nothing behind. Adding one means adding a line to the YAML files.
 */
import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import type { Host } from '../../../src/lua/host.js';
import { runLimits } from '../../../src/lua/limits.js';
import { runScript } from '../../../src/lua/run-script.js';
import { eventually } from '../../support/eventually.js';

interface Attempt {
  readonly title: string;
  readonly script: string;
  readonly error?: string;
  readonly output?: string;
  /** The output begins so; the last line of it is so. */
  readonly starts?: boolean;
  readonly lastLine?: boolean;
  readonly instructions?: number;
  readonly harmless?: boolean;
}

interface Ended {
  readonly lines: readonly string[];
  readonly error?: { readonly code: string; readonly message: string };
  /** CPU-seconds since the last pause. */
  readonly late: number;
}

async function attempt({ script, instructions = 1_000_000 }: Attempt): Promise<Ended> {
  const lines: string[] = [];
  let paused = process.cpuUsage();
  const host: Host = {
    execute: () => Promise.resolve({ workflow_id: 'workflow-1' }),
    sleep: () => Promise.resolve(),
    pause: () => {
      paused = process.cpuUsage();
      return Promise.resolve();
    },
    log: ({ level, text }) => void (level === 'print' && lines.push(text)),
    now: () => 1_790_000_000_000,
    random: () => 0.5,
  };
  const late = (): number => (({ user, system }) => (user + system) / 1e6)(process.cpuUsage(paused));
  try {
    await runScript({ name: 't.lua', source: script }, host, { ...runLimits, instructions });
    return { lines, late: late() };
  } catch (error) {
    // An Error holds on to the machine by its stack.
    const { code, message } = error as NonNullable<Ended['error']>;
    return { lines, error: { code, message }, late: late() };
  }
}

function read(file: string): [string, Attempt][] {
  const attempts = parse(readFileSync(new URL(file, import.meta.url), 'utf8')) as Attempt[];
  return attempts.map((one) => [one.title, one]);
}

/** Bytes that are held after a collection. */
function held(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

describe('an attempt to escape', () => {
  it.each(read('escapes.yaml'))('%s', async (_title, wanted) => {
    const { lines, error } = await attempt(wanted);
    const output = lines.join('\n');
    if (wanted.error !== undefined) expect(error?.message).toContain(wanted.error);
    else expect(error).toBeUndefined();
    expect(output).not.toContain('alive');
    if (wanted.lastLine) expect(lines.at(-1)).toBe(String(wanted.output));
    else if (wanted.starts) expect(output.startsWith(wanted.output ?? '')).toBe(true);
    else expect(output).toBe(String(wanted.output ?? ''));
    expect(Object.getOwnPropertyNames(Object.prototype)).not.toContain('polluted');
  });
});

describe('a bomb', () => {
  it.each(read('bombs.yaml'))('%s', async (_title, wanted) => {
    const before = held();
    const { error, late } = await attempt(wanted);
    if (!wanted.harmless) {
      expect(error?.message).toContain(wanted.error);
      expect(error?.message).toMatch(/t\.lua:\d+: /);
      expect(['LuaBudgetExceeded', 'ScriptFailed']).toContain(error?.code);
    }
    expect(late).toBeLessThan(2);
    // The memory of long texts is given back by a thread of its own.
    await eventually(() => Promise.resolve(held() - before < 64 * 2 ** 20 || undefined));
  });
});
