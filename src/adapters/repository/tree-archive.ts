/**
 * A git tree as a tar: the same bytes for the same tree, whoever makes it. Links are kept as links (nobody follows
 * them), submodules are left out.
 */
import { pack, type Pack } from 'tar-stream';
import { GitOpsError } from '../../domain/errors.js';
import type { FolderTrees, TreeFile } from './git.js';
import type { ObjectReader } from './object-reader.js';

interface Entry {
  readonly mode: string;
  readonly name: string;
  readonly hash: string;
}

/** Modes of git's trees: https://git-scm.com/book/en/v2/Git-Internals-Git-Objects */
const folderMode = '40000';
const linkMode = '120000';
const programMode = '100755';
const submoduleMode = '160000';

/** Of all that an archive holds, with what each entry costs in a tar: the worker keeps it in memory. */
const archiveLimitBytes = 64 * 1024 * 1024;
const entryBytes = 512;
/** How many files are asked for at once. */
const windowSize = 64;

interface Archive {
  readonly reader: ObjectReader;
  readonly tar: Pack;
  bytes: number;
}

/**
 * @param trees one tree, or folder -> tree for several that lie side by side
 * @throws GitOpsError RenderFailed for names that mean something else on a disk and for more than 64 MiB; those of
 * ObjectReader
 */
export async function archiveTree(reader: ObjectReader, trees: string | FolderTrees): Promise<Uint8Array> {
  const tar = pack();
  const bytes = collect(tar);
  const archive = { reader, tar, bytes: 0 };
  const folders = typeof trees === 'string' ? [['.', trees] as const] : Object.entries(trees).sort(byFolder);
  for (const [folder, tree] of folders) await addFolder(archive, tree, folder === '.' ? '' : `${folder}/`);
  tar.finalize();
  return bytes;
}

function byFolder([a]: readonly [string, string], [b]: readonly [string, string]): number {
  return a < b ? -1 : 1;
}

/** The first of the names that is a file right in the tree. */
export async function fileInTree(
  reader: ObjectReader,
  tree: string,
  names: readonly string[],
): Promise<TreeFile | undefined> {
  const entries = parseTree((await reader.read(tree)).content, tree.length / 2);
  const files = entries.filter(({ mode }) => mode !== folderMode && mode !== submoduleMode && mode !== linkMode);
  for (const name of names) {
    const entry = files.find((file) => file.name === name);
    if (entry !== undefined) return { name, content: (await reader.read(entry.hash)).content };
  }
  return undefined;
}

async function addFolder(archive: Archive, tree: string, folder: string): Promise<void> {
  const entries = parseTree(await read(archive, tree, folder), tree.length / 2);
  const kept = entries.filter(({ mode }) => mode !== submoduleMode);
  for (let at = 0; at < kept.length; at += windowSize) {
    await addEntries(archive, kept.slice(at, at + windowSize), folder);
  }
}

async function addEntries(archive: Archive, entries: readonly Entry[], folder: string): Promise<void> {
  const blobs = entries.map(({ mode, hash }) => (mode === folderMode ? undefined : read(archive, hash, folder)));
  for (const blob of blobs) blob?.catch(() => undefined); // told below, in order
  for (const [i, { mode, name, hash }] of entries.entries()) {
    const path = `${folder}${checkName(name, folder)}`;
    if (mode === folderMode) await addFolder(archive, hash, `${path}/`);
    else addFile(archive.tar, path, mode, (await blobs[i]) ?? Buffer.alloc(0));
  }
}

/** Counts what it reads: also a tree that holds itself many times over comes to an end. */
async function read(archive: Archive, hash: string, folder: string): Promise<Buffer> {
  const { content } = await archive.reader.read(hash);
  archive.bytes += entryBytes + folder.length + content.length;
  if (archive.bytes <= archiveLimitBytes) return content;
  const where = folder === '' ? "the application's folder" : `${folder} in the application's folder`;
  throw new GitOpsError('RenderFailed', `${where}: with it, the files come to more than 64 MiB`, {
    hint: 'give a path that holds manifests only',
  });
}

function addFile(tar: Pack, name: string, mode: string, content: Buffer): void {
  const common = { name, mtime: new Date(0) };
  if (mode === linkMode) tar.entry({ ...common, type: 'symlink', linkname: content.toString('utf8') });
  else tar.entry({ ...common, mode: mode === programMode ? 0o755 : 0o644 }, content);
}

/** `<mode> <name>\0<hash>`, again and again. */
export function parseTree(content: Buffer, hashBytes: number): Entry[] {
  const entries: Entry[] = [];
  for (let at = 0; at < content.length;) {
    const space = content.indexOf(' ', at);
    const zero = content.indexOf('\0', space);
    const end = zero + 1 + hashBytes;
    const hash = content.toString('hex', zero + 1, end);
    entries.push({
      mode: content.toString('latin1', at, space),
      name: content.toString('utf8', space + 1, zero),
      hash,
    });
    at = end;
  }
  return entries;
}

function checkName(name: string, folder: string): string {
  if (name !== '' && name !== '.' && name !== '..' && !/^\.git$/i.test(name) && !/[/\\\0]/.test(name)) return name;
  throw new GitOpsError('RenderFailed', `${folder}${name}: a repository must not hold a file of that name`);
}

async function collect(stream: AsyncIterable<unknown>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}
