import { describe, expect, it } from '@jest/globals';
import { CommanderError } from 'commander';
import pc from 'picocolors';
import { reportFailure } from '../../src/cli/failure.js';
import { errorRules, GitOpsError, type ErrorCode } from '../../src/domain/errors.js';

function report(error: unknown, debug = false): { code: number; lines: string[] } {
  const lines: string[] = [];
  const refuse = (): never => {
    throw new Error('errors do not go to standard output');
  };
  const terminal = { paint: pc.createColors(false), interactive: false, print: refuse, note: refuse };
  const code = reportFailure(error, { ...terminal, error: (text) => void lines.push(text) }, debug);
  return { code, lines };
}

describe('a failure on a terminal', () => {
  it('is three lines: what happened, its code, what to do next', () =>
    expect(report(new GitOpsError('UnknownApplication', "unknown 'shop'", { hint: 'app list' }))).toEqual({
      code: 4,
      lines: ["error: unknown 'shop'", '  code: UnknownApplication', '  next: app list'],
    }));

  it('of ours that nobody foresaw says it is a bug, without its stack', () => {
    const { code, lines } = report(new TypeError('x is undefined'));
    expect([code, lines]).toEqual([
      1,
      ['error: x is undefined', '  code: Internal', expect.stringContaining('--debug')],
    ]);
  });

  it.each([
    ['with a hint of its own', new GitOpsError('Internal', 'damaged', { hint: 'restore it' })],
    ['that is no error', 'just text'],
  ])('%s has no more than three lines', (_title, error) => expect(report(error).lines).toHaveLength(3));

  it('shows its stack and causes when asked, without secrets', () => {
    const cause = new Error('https://u:hunter2@host');
    const { lines } = report(new GitOpsError('RenderFailed', 'no', { cause }), true);
    expect(lines.at(-1)).toMatch(/at [\s\S]*caused by: [\s\S]*\*\*\*@host/);
    expect(lines.join()).not.toContain('hunter2');
  });

  it('never shows a secret', () =>
    expect(report(new GitOpsError('RenderFailed', 'token: abcdef1', { hint: 'https://a:b@h' })).lines).toEqual([
      'error: token: ***',
      '  code: RenderFailed',
      '  next: https://***@h',
    ]));

  it.each(Object.entries(errorRules))('%s has its exit code', (code, { exit }) => {
    expect(report(new GitOpsError(code as ErrorCode, 'x')).code).toBe(exit);
    expect([1, 2, 3, 4, 5, 7, 8, 130]).toContain(exit);
  });

  it.each([
    [0, 0],
    [1, 2],
  ])('of the command line (%d) was printed already, and is %d', (exit, code) =>
    expect(report(new CommanderError(exit, 'commander.x', 'x'))).toEqual({ code, lines: [] }),
  );
});
