/**
 * How long `sloth-runner health -f` takes for a file of documents, as a user types it: the start of the process, the
 * reading, and a verdict each, with built-in rules and with a script for every document.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { median } from '../measurement.js';
import { documents, scripts } from './documents.js';

const text = (value: string) => ({ type: 'string', default: value }) as const;
const { values } = parseArgs({ options: { documents: text('1000'), rounds: text('5') } });
const count = Number(values.documents);
const binary = fileURLToPath(new URL('../../bin/sloth-runner.js', import.meta.url));

const folder = mkdtempSync(join(tmpdir(), 'sloth-bench-health-'));
try {
  const file = writeInput();
  const builtIn = measure(['-f', file]);
  const scripted = measure(['-f', file, '--checks', join(folder, 'checks')]);
  console.log(`health documents=${count} seconds=${builtIn} seconds_with_scripts=${scripted}`);
} finally {
  rmSync(folder, { recursive: true });
}

function writeInput(): string {
  for (const [kind, script] of Object.entries(scripts)) {
    mkdirSync(join(folder, 'checks', kind), { recursive: true });
    writeFileSync(join(folder, 'checks', kind, 'health.lua'), script);
  }
  const file = join(folder, 'documents.yaml');
  writeFileSync(file, documents(count));
  return file;
}

function measure(args: readonly string[]): string {
  const seconds = Array.from({ length: Number(values.rounds) }, () => once(args));
  return median(seconds).toFixed(2);
}

function once(args: readonly string[]): number {
  const began = performance.now();
  const printed = execFileSync(process.execPath, [binary, 'health', ...args, '-o', 'json'], { encoding: 'utf8' });
  const lines = printed.trimEnd().split('\n');
  if (lines.length !== count || lines.some((line) => line.includes('"Unknown"')))
    throw new Error(`${lines.length} of ${count} lines came, or a verdict failed`);
  return (performance.now() - began) / 1000;
}
