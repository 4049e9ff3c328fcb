/**
 * Files that are whole or absent, whatever moment the process or the machine dies: written aside, synced, then renamed
 * into their place (https://lwn.net/Articles/457667/). What is being written lies in one folder, by the name of its
 * writer, so that one look finds what a killed process left.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { identify, isRunning, processPlace } from '../../local/process-identity.js';

/** A writer on another machine, or one whose /proc we cannot see, is given up after this. */
const abandonedAfterMs = 24 * 60 * 60_000;

const place = processPlace();
const writer = nameOfWriter();

/**
 * Readable by the owner alone; so are the folders made for it.
 * @param unfinished folder on the same file system as `path`, for `removeAbandoned`
 */
export async function writeDurably(path: string, bytes: Uint8Array | string, unfinished: string): Promise<void> {
  const folder = dirname(path);
  const temporary = join(unfinished, `${randomUUID()}.${writer}.tmp`);
  try {
    await inFolder(unfinished, () => writeSynced(temporary, bytes));
    await inFolder(folder, () => rename(temporary, path));
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(folder);
}

/** Nearly always it is there already. */
async function inFolder<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return work();
  }
}

/** Removes what processes left that do not run any more. What cannot be removed stays: nobody reads it. */
export async function removeAbandoned(unfinished: string): Promise<void> {
  const names = await readdir(unfinished).catch(() => []);
  for (const name of names) {
    const path = join(unfinished, name);
    if (await isAbandoned(name, path)) await rm(path, { force: true }).catch(() => undefined);
  }
}

/** `<pid>.<start of the process>.<place>` */
function nameOfWriter(): string {
  const { pid, startedAt = '' } = identify(process.pid);
  return [pid, startedAt, place].join('.');
}

async function isAbandoned(name: string, path: string): Promise<boolean> {
  const [, pid, startedAt, writtenAt] = /^[^.]*\.(\d+)\.(\d*)\.(.*)\.tmp$/.exec(name) ?? [];
  if (writtenAt === place && startedAt !== '') return !isRunning({ pid: Number(pid), startedAt });
  const written = await stat(path).catch(() => undefined);
  return written !== undefined && Date.now() - written.mtimeMs > abandonedAfterMs;
}

async function writeSynced(path: string, bytes: Uint8Array | string): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The new name lives in the folder: without this a power cut may forget it. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
