/**
 * What a killed worker may leave on its machine: child processes, half-written files, locks.
 */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Rig } from './rig.js';

const temporary = /\.tmp$|^archive-.*\.tar$|\.lock$|^[0-9a-f]{32}\.[0-9a-f-]{36}$|^tmp_(pack|idx|obj)_/;

/** Files and folders below the workers' home that only something unfinished has. */
export function temporaryFiles({ folder }: Rig): string[] {
  const all = readdirSync(folder, { recursive: true, withFileTypes: true });
  return all.filter((entry) => temporary.test(entry.name)).map((entry) => join(entry.parentPath, entry.name));
}

/** Processes that work in the home, or on files of it, besides the workers and Temporal. */
export function strayProcesses(rig: Rig): string[] {
  const known = new Set([...rig.workers.map((worker) => worker.pid), rig.temporal.pid]);
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && !known.has(Number(name)));
  return pids.flatMap((pid) => describe(pid, rig.folder) ?? []);
}

function describe(pid: string, folder: string): string | undefined {
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    const about = command.includes(folder) || readlinkSync(`/proc/${pid}/cwd`).startsWith(folder);
    return about ? `${pid}: ${command}` : undefined;
  } catch {
    return undefined; // it ended while we looked
  }
}
