/**
 * Temporal's own command line, pointed at the server of a home.
 */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findOrInstallTool } from '../../src/local/tools-cache.js';
import type { Home } from './home.js';

const run = promisify(execFile);

/** Standard output of `temporal ...args`. */
export async function temporal(home: Home, ...args: string[]): Promise<string> {
  const tool = await findOrInstallTool('temporal');
  const { stdout } = await run(tool, [...args, '--address', addressOf(home)], { env: home.env, maxBuffer: 64 << 20 });
  return stdout;
}

/** The same with `--output json`, parsed. */
export async function temporalJson<T>(home: Home, ...args: string[]): Promise<T> {
  return JSON.parse(await temporal(home, ...args, '--output', 'json')) as T;
}

/** Where the server of a home listens, from its own note. */
export function addressOf(home: Home): string {
  return (JSON.parse(readFileSync(join(home.dir, 'server.json'), 'utf8')) as { address: string }).address;
}
