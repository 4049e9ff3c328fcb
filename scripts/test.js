/**
 * Runs every test and closes with the line CI reads: `N passed, N failed`. Lint and types count as one test each.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const checks = [
  ['types', ['npx', 'tsc', '--noEmit']],
  ['lint', ['npx', 'eslint', '.']],
  ['format', ['npx', 'prettier', '--check', '--log-level', 'warn', '.']],
];

function run([command, ...args], env = {}) {
  return (
    spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, ...env } }).status === 0
  );
}

function runChecks() {
  const failed = checks.filter(([name, command]) => {
    console.log(`${name} ...`);
    return !run(command);
  });
  for (const [name] of failed) console.log(`FAILED ${name}`);
  return { passed: checks.length - failed.length, failed: failed.length };
}

function runJest(args) {
  const folder = mkdtempSync(join(tmpdir(), 'sloth-test-'));
  const report = join(folder, 'report.json');
  const NODE_OPTIONS = `${process.env.NODE_OPTIONS ?? ''} --experimental-vm-modules --disable-warning=ExperimentalWarning`;
  try {
    run(['npx', 'jest', '--maxWorkers=2', '--json', `--outputFile=${report}`, ...args], { NODE_OPTIONS });
    return countsOf(JSON.parse(readFileSync(report, 'utf8')));
  } catch (error) {
    console.log(`FAILED jest gave no report: ${error.message}`);
    return { passed: 0, failed: 1 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A suite that could not even run counts as one failure. */
function countsOf({ numPassedTests, numFailedTests, numRuntimeErrorTestSuites }) {
  return { passed: numPassedTests, failed: numFailedTests + numRuntimeErrorTestSuites };
}

const args = process.argv.slice(2);
const parts = [...(args.length === 0 ? [runChecks()] : []), runJest(args)];
const sum = (key) => parts.reduce((total, part) => total + part[key], 0);
console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
process.exitCode = sum('failed') === 0 ? 0 : 1;
