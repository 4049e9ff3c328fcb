/**
 * Small scripts as data: every `scripts/*.yaml` is a list of cases (`ScriptCase` in script-case.ts). Adding one means
 * adding a few lines there.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { ShownForms } from './every-form.js';
import { runCase, type ScriptCase } from './script-case.js';

const folder = new URL('scripts/', import.meta.url);
const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'));

const shown = new ShownForms();

describe.each(files)('%s', (file) => {
  const cases = parse(readFileSync(new URL(file, folder), 'utf8')) as readonly ScriptCase[];
  it.each(cases.map((wanted) => [wanted.title, wanted] as const))('%s', async (_title, wanted) => {
    const ran = await runCase(wanted);
    shown.add(wanted.script, ran.sent);
    // What was printed comes with it: a difference then explains itself.
    if (wanted.error === undefined) expect(ran).toMatchObject({ success: wanted.success ?? true });
    if (wanted.error === undefined) expect(ran).not.toHaveProperty('error');
    else expect(ran.error).toContain(wanted.error);
    if (wanted.output !== undefined) expect(ran.output).toBe(wanted.output.trimEnd());
    if (wanted.steps !== undefined) expect(ran.steps).toEqual(wanted.steps);
    if (wanted.sent !== undefined) expect(ran.sent).toEqual(wanted.sent);
    if (wanted.tasks !== undefined) expect(ran.tasks).toEqual(wanted.tasks);
    const contained = (wanted.warnings ?? []).map((text) => expect.stringContaining(text) as unknown);
    expect(ran.warnings).toEqual(expect.arrayContaining(contained));
  });
});

describe('every form of the language has a case', () => {
  it('each call, each of its parameters, and each field of its tables', () => expect(shown.missingCalls()).toEqual([]));
  it('each key of tasks, workflows and config, as a method and as a key', () =>
    expect(shown.missingKeys()).toEqual([]));
  it('each function of each module', () => expect(shown.missingFunctions()).toEqual([]));
});
