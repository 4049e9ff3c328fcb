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
