/**
 * The benches run and say what they promise to say; how fast they are is no matter for a test.
 */
import { describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../../', import.meta.url));
const run = promisify(execFile);

describe('make bench-mttp', () => {
  it('prints exactly one line', async () => {
    const { NODE_OPTIONS: _jest, ...env } = process.env;
    const { stdout } = await run('node_modules/.bin/tsx', ['bench/mttp/main.ts', '--apps', '3'], { cwd: root, env });
    expect(stdout).toMatch(/^mttp apps=3 seconds=\d+\.\d\d apps_per_s=\d+\.\d\d cpu_s_per_app=\d+\.\d{3}\n$/);
  });
});

describe('make bench-health', () => {
  it('prints exactly one line', async () => {
    const { NODE_OPTIONS: _jest, ...env } = process.env;
    const args = ['bench/health/main.ts', '--documents', '20', '--rounds', '1'];
    const { stdout } = await run('node_modules/.bin/tsx', args, { cwd: root, env });
    expect(stdout).toMatch(/^health documents=20 seconds=\d+\.\d\d seconds_with_scripts=\d+\.\d\d\n$/);
  });
});

describe('make bench-continuous', () => {
  it('prints a line a scenario, each of which checks what it measures, and what an application costs', async () => {
    const { NODE_OPTIONS: _jest, ...env } = process.env;
    const args = ['bench/continuous/main.ts', '--apps', '3', '--scenarios', 'sweep,one-changed'];
    const { stdout } = await run('node_modules/.bin/tsx', args, { cwd: root, env });
    const [first, sweep, changed, , head] = stdout.split('\n');
    expect(first).toMatch(/^first-sync apps=3 seconds=\d+\.\d\d apps_per_s=\d+\.\d\d first_look_s=\d+\.\d\d$/);
    expect(sweep).toMatch(/^sweep apps=3 repositories_s=\S+ drift_s=\S+ first_drift_s=\S+ writes=0 events=0$/);
    expect(changed).toMatch(/^one-changed apps=3 hook_s=\d+\.\d\d sweep_s=\d+\.\d\d$/);
    expect(head).toMatch(/^per application +N = 3$/);
  });
});
