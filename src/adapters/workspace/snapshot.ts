/**
 * A folder as a tar and back. The same files give the same bytes; links stay links, and nobody writes through one.
 */
import { createHash } from 'node:crypto';
import { lstat, mkdir, open, readdir, readFile, readlink, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { extract, pack, type Header } from 'tar-stream';
import { GitOpsError } from '../../domain/errors.js';
import { confine } from './confined-path.js';

export interface Entry {
  /** Relative to the folder. */
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'link';
  readonly mode: number;
  readonly bytes: number;
  /** Differs as soon as anybody wrote to it. */
  readonly stamp: string;
  readonly mtimeMs: number;
}

export interface Limits {
  readonly entries: number;
  readonly bytes: number;
}

/** @returns the entries in order, folders in front of what they hold; undefined beyond a limit */
export async function listFolder(root: string, limits: Limits): Promise<Entry[] | undefined> {
  const found: Entry[] = [];
  let bytes = 0;
  const visit = async (folder: string): Promise<boolean> => {
    for (const name of (await readdir(join(root, folder))).sort()) {
      const entry = await entryAt(root, folder === '' ? name : `${folder}/${name}`);
      if (entry === undefined) continue;
      found.push(entry);
      bytes += entry.bytes;
      if (found.length > limits.entries || bytes > limits.bytes) return false;
      if (entry.kind === 'folder' && !(await visit(entry.path))) return false;
    }
    return true;
  };
  return (await visit('')) ? found : undefined;
}

/** Sockets, pipes and what has just gone are left out. */
async function entryAt(root: string, path: string): Promise<Entry | undefined> {
  const stat = await lstat(join(root, path), { bigint: true }).catch(() => undefined);
  if (stat === undefined) return undefined;
  const kind = stat.isFile() ? 'file' : stat.isDirectory() ? 'folder' : stat.isSymbolicLink() ? 'link' : undefined;
  if (kind === undefined) return undefined;
  const { ino, size, mtimeNs, ctimeNs, mode } = stat;
  return {
    path,
    kind,
    mode: Number(mode) & 0o777,
    bytes: kind === 'file' ? Number(size) : 0,
    stamp: kind === 'folder' ? `${mode}` : `${ino} ${size} ${mtimeNs} ${ctimeNs} ${mode}`,
    mtimeMs: Number(mtimeNs / 1_000_000n),
  };
}

/** Equal as long as nobody changed the folder. */
export function fingerprint(entries: readonly Entry[]): string {
  const hash = createHash('sha256');
  for (const { path, kind, stamp } of entries) hash.update(`${kind} ${stamp} ${path}\0`);
  return hash.digest('hex');
}

export async function archiveEntries(root: string, entries: readonly Entry[]): Promise<Uint8Array> {
  const tar = pack();
  const bytes = collect(tar);
  for (const entry of entries) {
    const header = await headerOf(root, entry);
    if (header === undefined) continue;
    if (entry.kind === 'file') tar.entry(header.headers, header.content);
    else tar.entry(header.headers);
  }
  tar.finalize();
  return bytes;
}

/** undefined for what has gone since the folder was listed: another task may be at work in it. */
async function headerOf(
  root: string,
  { path, kind, mode, mtimeMs }: Entry,
): Promise<{ headers: Partial<Header> & { name: string }; content: Buffer } | undefined> {
  const at = join(root, path);
  const empty = Buffer.alloc(0);
  try {
    if (kind === 'folder')
      return { headers: { name: `${path}/`, type: 'directory', mode, mtime: new Date(0) }, content: empty };
    if (kind === 'link')
      return {
        headers: { name: path, type: 'symlink', linkname: await readlink(at), mtime: new Date(0) },
        content: empty,
      };
    return { headers: { name: path, mode, mtime: seconds(mtimeMs) }, content: await readFile(at) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** As a tar keeps it: so a folder that was restored has the digest it was saved under. */
function seconds(ms: number): Date {
  return new Date(Math.floor(ms / 1000) * 1000);
}

/**
 * @param wanted which files; folders come with what they hold
 * @returns how many files and links were written
 * @throws GitOpsError NotAllowed when a link of the folder leads out of it
 */
export async function extractArchive(
  bytes: Uint8Array,
  root: string,
  wanted: (path: string) => boolean = () => true,
): Promise<number> {
  const reading = extract();
  reading.end(Buffer.from(bytes));
  const links: { name: string; linkname: string }[] = [];
  let written = 0;
  for await (const entry of reading) {
    const { name, type, linkname } = entry.header;
    const path = name.replace(/\/$/, '');
    const content = await collect(entry);
    if (type === 'directory' ? !wanted(`${path}/`) : !wanted(path)) continue;
    if (type === 'directory') await mkdir(await confine(root, path), { recursive: true });
    else if (type === 'symlink') links.push({ name: path, linkname: linkname ?? '' });
    else await writeEntry(await confine(root, path), entry.header, content);
    if (type !== 'directory') written++;
  }
  for (const { name, linkname } of links) await makeLink(await confine(root, name, 'keep'), linkname);
  return written;
}

async function writeEntry(path: string, { mode, mtime }: Header, content: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await rm(path, { force: true });
  await writeFile(path, content, { flag: 'wx', mode: mode ?? 0o644 });
  const file = await open(path, 'r');
  try {
    await file.chmod(mode ?? 0o644);
  } finally {
    await file.close();
  }
  if (mtime !== undefined) await utimes(path, mtime, mtime);
}

async function makeLink(path: string, target: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await rm(path, { force: true });
  await symlink(target, path);
}

export function tooLarge(what: string, limits: Limits): GitOpsError {
  const mebibytes = Math.round(limits.bytes / 1024 / 1024);
  return new GitOpsError(
    'InvalidInput',
    `${what} has more than ${mebibytes} MiB or ${limits.entries} files, and cannot be saved`,
    { hint: 'remove what later steps do not need, or hand on single files with artifacts' },
  );
}

async function collect(stream: AsyncIterable<unknown>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}
