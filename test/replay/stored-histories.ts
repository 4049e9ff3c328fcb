/**
 * Histories kept in git, one JSON file each, and the list of their sha256. The list only grows: a workflow that can no
 * longer replay one of them would stop runs that are open in production.
 */
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';

const folder = fileURLToPath(new URL('./histories/', import.meta.url));
const list = join(folder, 'sha256sums');

export interface Listed {
  readonly sha256: string;
  readonly name: string;
}

/** As `sha256sum` writes them. */
export function listed(): Listed[] {
  const lines = existsSync(list) ? readFileSync(list, 'utf8').split('\n').filter(Boolean) : [];
  return lines.map((line) => ({ sha256: line.slice(0, 64), name: line.slice(66).replace(/\.json$/, '') }));
}

/** Names of the files there are. */
export function stored(): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.replace(/\.json$/, ''));
}

export function fileOf(name: string): string {
  return join(folder, `${name}.json`);
}

export function textOf(name: string): string {
  return readFileSync(fileOf(name), 'utf8');
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Adds a history, as `temporal workflow show --output json` prints it, that is not there yet; one that is stays. */
export function store(name: string, history: unknown): void {
  if (listed().some((entry) => entry.name === name)) return;
  const text = `${JSON.stringify(history, withoutTraces)}\n`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(fileOf(name), text);
  appendFileSync(list, `${sha256(text)}  ${name}.json\n`);
}

/** Stacks and process names tell of the machine that recorded, and nothing to who replays. */
function withoutTraces(key: string, value: unknown): unknown {
  if (key === 'stackTrace') return undefined;
  return key === 'identity' || key === 'workerInstanceKey' ? 'test' : value;
}
