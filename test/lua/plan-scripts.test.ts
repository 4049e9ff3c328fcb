/**
 * Every small script can be planned: it ends, or fails with an error that names the script, whatever is in it. Nothing of
 * ours breaks.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { GitOpsError } from '../../src/domain/errors.js';
import { followPlan } from '../../src/lua/plan/follow.js';
import type { Script } from '../../src/lua/host.js';
import { perform, plan } from './plan-support.js';

interface Case {
  readonly title: string;
  readonly script: string;
  readonly params?: Readonly<Record<string, string>>;
  readonly values?: Readonly<Record<string, unknown>>;
  readonly environment?: Readonly<Record<string, string>>;
  /** Such a script may go on for ever otherwise. */
  readonly cancel?: string;
}

const folder = new URL('scripts/', import.meta.url);
const themes = readdirSync(folder).filter((name) => name.endsWith('.yaml'));

describe.each(themes)('plan, %s', (theme) => {
  const cases = parse(readFileSync(new URL(theme, folder), 'utf8')) as readonly Case[];
  it.each(cases.map((c) => [c.title, c] as const))('%s', async (_title, { script: source, cancel, ...given }) => {
    const script: Script = { name: 't.lua', source, ...given };
    const made = await plan(script).catch((error: unknown) => error);
    if (made instanceof Error) {
      expect(made).toBeInstanceOf(GitOpsError);
      expect(['ScriptFailed', 'ScriptSyntax', 'LuaBudgetExceeded']).toContain((made as GitOpsError).code);
      return;
    }
    if (cancel !== undefined) return;
    const { steps } = await perform(script, () => undefined);
    expect(followPlan(made as never, steps)).toMatchObject({ isPath: true });
  });
});
