/**
 * What `validate` says of scripts: every `validate-scripts/*.yaml` is a list of scripts with their findings, in their order.
 * `files` are beside the script.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it, jest } from '@jest/globals';
import { parse } from 'yaml';
import { main } from '../../src/cli/main.js';
import { validatePaths } from '../../src/cli/validate/validate-paths.js';
import { loadConfig } from '../../src/config/config.js';
import { describeFinding } from '../../src/domain/validation/finding.js';
import { rules } from '../../src/lua/lint/rules.js';

interface Case {
  readonly title: string;
  readonly script: string;
  readonly files?: Readonly<Record<string, string>>;
  /** `line:column: [severity: ]message (hint) [rule]` */
  readonly findings?: readonly string[];
}

const folder = new URL('./validate-scripts/', import.meta.url);
const themes = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
const casesOf = (theme: string): Case[] => parse(readFileSync(new URL(theme, folder), 'utf8')) as Case[];
const root = mkdtempSync(join(tmpdir(), 'sloth-scripts-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function findingsOf({ script, files = {} }: Case): Promise<string[]> {
  const dir = mkdtempSync(join(root, 'case-'));
  for (const [name, text] of Object.entries({ ...files, 's.lua': script })) {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), text);
  }
  const file = join(dir, 's.lua');
  const { findings } = await validatePaths([file], [], loadConfig({ env: { SLOTH_HOME: join(root, 'home') } }));
  return findings.map((finding) => describeFinding(finding).slice(file.length + 1));
}

describe.each(themes)('validate, %s', (theme) => {
  it.each(casesOf(theme).map((c) => [c.title, c] as const))('%s', async (_title, wanted) =>
    expect(await findingsOf(wanted)).toEqual(wanted.findings ?? []),
  );
});

it('every rule has a case', () => {
  const shown = themes
    .flatMap(casesOf)
    .flatMap(({ findings = [] }) => findings.map((text) => /\[([\w.-]+)\]$/.exec(text)?.[1]));
  const ids = ['syntax', 'literal-secret', ...rules.map(({ id }) => id)];
  expect([...new Set(ids)].filter((id) => !shown.includes(id))).toEqual([]);
});

describe('sloth-runner validate', () => {
  async function cli(script: string, ...args: string[]): Promise<{ code: number; out: string }> {
    const dir = mkdtempSync(join(root, 'cli-'));
    writeFileSync(join(dir, 's.lua'), script);
    const [written, said] = [jest.spyOn(process.stdout, 'write'), jest.spyOn(process.stderr, 'write')];
    written.mockReturnValue(true);
    said.mockReturnValue(true);
    const code = await main(['validate', dir, ...args]);
    const out = written.mock.calls.map(([text]) => String(text)).join('');
    [written, said].forEach((spy) => spy.mockRestore());
    return { code, out };
  }

  it('exits 1 when a script of a folder has an error', async () =>
    expect((await cli('gitops.sync_worklow("w")')).code).toBe(1));
  it('exits 0 with warnings alone, 1 with --strict', async () => {
    expect((await cli('print(nothing)')).code).toBe(0);
    expect((await cli('print(nothing)', '--strict')).code).toBe(1);
  });
  it('tells place, rule and severity as JSON', async () => {
    const { out } = await cli('print(nothing)', '-o', 'json');
    expect(JSON.parse(out)).toMatchObject({
      findings: [{ line: 1, column: 7, severity: 'warning', rule: 'undefined-global', message: expect.any(String) }],
    });
  });
});
