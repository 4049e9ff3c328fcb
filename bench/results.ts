/**
 * How results are shown (a table) and kept (JSON in bench/results/, with the machine and the versions).
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findTool } from '../src/local/tools-cache.js';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Rows of text in columns, the first left-aligned, the others right-aligned. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  const pad = (cell: string, i: number): string =>
    i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0);
  return rows.map((row) => row.map(pad).join('   ').trimEnd()).join('\n');
}

export const fixed = (value: number, digits = 2): string => value.toFixed(digits);

/** Writes the results and gives the path of the file. */
export function keepResults(name: string, results: object): string {
  const folder = join(root, 'bench', 'results');
  mkdirSync(folder, { recursive: true });
  const at = new Date().toISOString();
  const file = join(folder, `${name}-${at.replaceAll(':', '-')}.json`);
  writeFileSync(
    file,
    `${JSON.stringify({ name, at, machine: machine(), versions: versions(), ...results }, null, 2)}\n`,
  );
  return file;
}

function machine(): object {
  const [cpu] = cpus();
  const memoryGb = Math.round(totalmem() / 2 ** 30);
  return { cpu: cpu?.model, cores: cpus().length, memoryGb, kernel: release(), loadBefore: loadavg() };
}

function versions(): object {
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;
  return {
    commit: output('git', '-C', root, 'describe', '--always', '--dirty'),
    node: process.version,
    temporalSdk: dependencies['@temporalio/worker'],
    temporal: output(findTool('temporal'), '--version'),
    kubectl: output(findTool('kubectl'), 'version', '--client'),
  };
}

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
}

function output(command: string, ...args: string[]): string {
  return execFileSync(command, args, { encoding: 'utf8' }).trim();
}
