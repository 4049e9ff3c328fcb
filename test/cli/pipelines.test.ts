/**
 * The pipelines of examples/ci: every command line in them is one that the real parser takes.
 */
import { describe, expect, it } from '@jest/globals';
import type { Command } from 'commander';
import { resolveAliases } from '../../src/cli/aliases.js';
import { goalOf } from '../../src/cli/commands/app-wait.js';
import { buildProgram } from '../../src/cli/main.js';
import { processTerminal } from '../../src/cli/terminal.js';
import { commandLines, pipelineNames, scriptsOf } from '../support/pipelines.js';

const commit = 'a'.repeat(40);
const variables = {
  APP: 'shop',
  COMMIT: commit,
  PULL_REQUEST: '7',
  CI_COMMIT_SHA: commit,
  CI_MERGE_REQUEST_IID: '7',
};

/** Names of the command that would run. */
async function parsed(argv: readonly string[]): Promise<string> {
  const ran: string[] = [];
  const program = buildProgram({ terminal: processTerminal({}), env: {} }, () => undefined);
  const inert = (command: Command, path: string): void => {
    command.exitOverride();
    if (command.commands.length === 0) command.action(() => void ran.push(path));
    for (const sub of command.commands) inert(sub, `${path} ${sub.name()}`.trim());
  };
  inert(program, '');
  await program.parseAsync(resolveAliases(argv), { from: 'user' });
  return ran.join();
}

describe.each(pipelineNames)('examples/ci/%s', (name) => {
  const lines = Object.values(scriptsOf(name)).flatMap((script) => commandLines(script, variables));

  it('has command lines', () => expect(lines.length).toBeGreaterThan(0));

  it.each(lines.map((words) => [words.join(' '), words] as const))('sloth-runner %s', async (_line, words) => {
    expect(words).not.toContain('');
    expect(await parsed(words)).toMatch(/^app (diff|sync|wait)$/);
  });
});

it('a line that nobody would take is told from one that somebody does', async () =>
  await expect(parsed(['diff', 'shop', '--comments', '7'])).rejects.toThrow(/unknown option/));

describe('what app wait takes', () => {
  const usual = { status: 'synced', timeout: '5m' };
  it.each<[string, object, RegExp]>([
    ['a branch as a revision', { revision: 'main' }, /--revision 'main' is not a commit/],
    ['six characters of a commit', { revision: 'abcdef' }, /is not a commit/],
    ['an option as a revision', { revision: '--help' }, /is not a commit/],
    ['another case of a health', { health: 'healthy' }, /--health 'healthy' is none of Healthy/],
    ['another word for a status', { status: 'sync' }, /--status 'sync' is none of/],
    ['a timeout that is none', { timeout: 'soon' }, /'soon' is not a duration/],
  ])('not %s', (_title, options, message) => {
    const goal = (): object => goalOf({ ...usual, ...options });
    expect(goal).toThrow(expect.objectContaining({ code: 'InvalidInput', message: expect.stringMatching(message) }));
  });

  it('commits, healths and statuses', () =>
    expect(goalOf({ status: 'degraded', health: 'Degraded', revision: 'abcdef0', timeout: '1m' })).toEqual({
      status: 'degraded',
      health: 'Degraded',
      revision: 'abcdef0',
      timeoutMs: 60_000,
    }));
});
