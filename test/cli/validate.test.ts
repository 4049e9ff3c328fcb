import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { loadConfig } from '../../src/config/config.js';
import { validatePaths } from '../../src/cli/validate/validate-paths.js';
import { describeFinding } from '../../src/domain/validation/finding.js';

interface Case {
  readonly title: string;
  readonly files: Readonly<Record<string, string>>;
  readonly policies?: Readonly<Record<string, string>>;
  /** What each line begins with. */
  readonly findings: readonly string[];
}

const cases = parse(readFileSync(new URL('./validate.yaml', import.meta.url), 'utf8')) as Case[];
const root = mkdtempSync(join(tmpdir(), 'sloth-validate-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

function write(folder: string, files: Readonly<Record<string, string>>): string {
  const dir = mkdtempSync(join(root, `${folder}-`));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), text);
  }
  return dir;
}

describe('validate finds', () => {
  it.each(cases.map((c) => [c.title, c] as const))('%s', async (_title, { files, policies, findings }) => {
    const dir = write('files', files);
    const given = policies === undefined ? [] : [write('policies', policies)];
    const result = await validatePaths([dir], given, loadConfig({ env: { SLOTH_HOME: join(root, 'home') } }));
    const lines = result.findings.map(describeFinding);
    const wanted = findings.map((text) => text.replaceAll('{dir}', dir));
    expect(lines.map((line, i) => (line.startsWith(wanted[i] ?? '-') ? wanted[i] : line))).toEqual(wanted);
  });

  it('nothing at a path that is not there, and says so', async () =>
    expect(validatePaths([join(root, 'nowhere')], [], loadConfig({ env: { SLOTH_HOME: root } }))).rejects.toThrow(
      expect.objectContaining({ code: 'InvalidInput', message: expect.stringContaining('nowhere') }),
    ));
});
