/**
 * `validate` calls no small script wrong that runs: an error is what cannot work.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { lintScript } from '../../src/lua/lint/lint-script.js';

interface Case {
  readonly title: string;
  readonly script: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly error?: string;
}

const folder = new URL('scripts/', import.meta.url);
const themes = readdirSync(folder).filter((name) => name.endsWith('.yaml'));

describe.each(themes)('validate, %s', (theme) => {
  const cases = parse(readFileSync(new URL(theme, folder), 'utf8')) as readonly Case[];
  it('finds no error in scripts that run', () => {
    const running = cases.filter(({ error }) => error === undefined);
    const found = running.flatMap(({ title, script, files = {} }) =>
      lintScript(script, { read: (path) => files[path] })
        .filter(({ severity, rule }) => severity === 'error' && rule !== 'literal-secret')
        .map((finding) => ({ title, ...finding })),
    );
    expect(found).toEqual([]);
  });
});
