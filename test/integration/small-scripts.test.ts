/**
 * Small scripts on a real Temporal: those of test/lua/scripts that are marked `endToEnd` do there what they do without it.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pLimit from 'p-limit';
import { parse } from 'yaml';
import type { ScriptInput } from '../../src/workflows/messages.js';
import type { ScriptCase } from '../lua/script-case.js';
import { Engine } from '../support/engine.js';

const folder = new URL('../lua/scripts/', import.meta.url);
const themes = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
const marked = themes.map((theme) => {
  const cases = parse(readFileSync(new URL(theme, folder), 'utf8')) as readonly ScriptCase[];
  return [theme, cases.filter(({ endToEnd = false }) => endToEnd)] as const;
});

interface Ran {
  readonly output: string;
  readonly success: boolean;
  readonly warnings: readonly string[];
  /** What the run failed with; a failed task is an error here. */
  readonly error?: string;
}

let engine: Engine;
const running = new Map<ScriptCase, Promise<Ran>>();

/** All are under way at once, so that the file takes as long as the slowest few. */
beforeAll(async () => {
  engine = await Engine.open();
  const atATime = pLimit(6);
  for (const wanted of marked.flatMap(([, cases]) => cases)) {
    const ran = atATime(() => run(wanted));
    ran.catch(() => undefined);
    running.set(wanted, ran);
  }
});
afterAll(() => engine.close());

async function run({ script, params, values, environment, interactive }: ScriptCase): Promise<Ran> {
  const given = { params, values, environment, interactive };
  const input = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const started = await engine.client.scripts.start({
    name: 't.lua',
    source: script,
    ...(input as Partial<ScriptInput>),
  });
  const ended = await engine.client.scripts.result(started).then(
    ({ success, warnings }) => ({ success, warnings }),
    (error: Error) => ({ success: false, warnings: [], error: error.message }),
  );
  const lines: string[] = [];
  for await (const { level, text } of engine.client.scripts.follow(started))
    lines.push(level === 'print' ? text : `${level.toUpperCase()} ${text}`);
  return { output: lines.join('\n'), ...ended };
}

it('there are at least 25', () => expect(running.size).toBeGreaterThanOrEqual(25));

describe.each(marked.filter(([, cases]) => cases.length > 0))('%s', (_theme, cases) => {
  it.each(cases.map((wanted) => [wanted.title, wanted] as const))('%s', async (_title, wanted) => {
    const ran = await running.get(wanted);
    const { success = wanted.error === undefined, error, output, warnings = [] } = wanted;
    expect(ran).toMatchObject({ success });
    if (error !== undefined) expect(ran?.error).toContain(error);
    if (output !== undefined) expect(ran?.output).toBe(output.trimEnd());
    const contained = warnings.map((text) => expect.stringContaining(text) as unknown);
    if (success) expect(ran?.warnings).toEqual(expect.arrayContaining(contained));
  });
});
