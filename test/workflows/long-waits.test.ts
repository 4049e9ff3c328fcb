/**
 * What waits at its gate for days and months (F54), on Temporal's time-skipping server: see long-waits.mjs.
 */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { findOrInstallTool } from '../../src/local/tools-cache.js';

const script = fileURLToPath(new URL('./long-waits.mjs', import.meta.url));
const bundle = fileURLToPath(new URL('../../dist/workflow-bundle.js', import.meta.url));
let seen: Record<'month' | 'nobody' | 'window', Record<string, unknown>>;

beforeAll(async () => {
  const server = await findOrInstallTool('temporal-test-server');
  const env = { ...process.env, NODE_OPTIONS: '' };
  const { stdout } = await promisify(execFile)(process.execPath, [script, server, bundle], { env, timeout: 110_000 });
  seen = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as typeof seen;
}, 120_000);

describe('a sync that waits', () => {
  it('for its approval still waits after 30 days without a worker', () => {
    expect(seen.month['waited']).toEqual({ days: 30, status: 'RUNNING' });
  });

  it('plans again when it is approved then, under another build: another plan is asked about, and not written', () => {
    expect(seen.month['askedAgain']).toEqual({ decisions: 0, applied: 0 });
  });

  it('is carried out once the plan that waits is approved; both approvals are on record', () => {
    expect(seen.month['approved']).toEqual({ status: 'succeeded', decisions: 2, applied: 1 });
  });

  it('ends after its 7 days when nobody answered, and writes nothing', () => {
    expect(seen.nobody).toEqual({ status: 'failed', errorCode: 'ApprovalExpired', applied: 0 });
  });

  it('for a window looks at it every day, and goes on by itself when it opens after three', () => {
    expect(seen.window).toEqual({ waitsFor: 'window', status: 'succeeded', looks: 4, inTime: true });
  });
});
