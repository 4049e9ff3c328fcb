/**
 * Runs every test and closes with the line CI reads: `N passed, N failed`. Lint and types count as one test each.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

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
    run(['npx', 'jest', '--json', `--outputFile=${report}`, ...args], { NODE_OPTIONS });
    return JSON.parse(readFileSync(report, 'utf8')).testResults.map(countsOf);
  } catch (error) {
    console.log(`FAILED jest gave no report: ${error.message}`);
    return [{ passed: 0, failed: 1 }];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A file that could not even run counts as one failure. What the oracle of the fault tests has found, stands. */
function countsOf({ name, status, assertionResults }) {
  const count = (wanted) => assertionResults.filter((one) => one.status === wanted).length;
  const failed = count('failed');
  const stands = assertionResults.some((one) => one.failureMessages.some((text) => text.includes('faults/oracle.ts')));
  return { name, stands, passed: count('passed'), failed: status === 'failed' ? Math.max(failed, 1) : failed };
}

/** More files than these that fail are no accident of a busy machine. */
const mostAgain = 3;

/**
 * Tests that kill, freeze and cut off real processes share two cores with others, and may run out of time. A few files that
 * failed are run once more, alone: what counts is that verdict. The first one stays in the output, and is named at the end.
 */
function withSecondLook(files) {
  const failed = files.filter((file) => file.failed > 0);
  if (failed.length > mostAgain || failed.some(({ name, stands }) => name === undefined || stands)) return files;
  if (failed.length === 0) return files;
  console.log(`\nonce more, alone: ${failed.map(({ name }) => relative('.', name)).join(', ')}`);
  const again = runJest(['--runInBand', '--runTestsByPath', ...failed.map(({ name }) => name)]);
  const unsteady = again.filter((file) => file.failed === 0);
  for (const { name } of unsteady) console.log(`UNSTEADY ${relative('.', name)}: failed beside others, passed alone`);
  return [...files.filter((file) => file.failed === 0), ...again];
}

const args = process.argv.slice(2);
const whole = args.length === 0;
const checked = whole ? [runChecks()] : [];
const files = runJest(['--maxWorkers=2', ...args]);
const parts = [...checked, ...(whole ? withSecondLook(files) : files)];
const sum = (key) => parts.reduce((total, part) => total + part[key], 0);
console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
process.exitCode = sum('failed') === 0 ? 0 : 1;
