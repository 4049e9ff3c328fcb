/**
 * A git tree as a tar: the same bytes for the same tree, whoever makes it. Links are kept as links (nobody follows
 * them), submodules are left out.
 */
import { pack, type Pack } from 'tar-stream';
import { GitOpsError } from '../../domain/errors.js';
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

/** @throws GitOpsError RenderFailed for names that mean something else on a disk; those of ObjectReader */
export async function archiveTree(reader: ObjectReader, tree: string): Promise<Uint8Array> {
  const tar = pack();
  const bytes = collect(tar);
  await addFolder(reader, tar, tree, '');
  tar.finalize();
  return bytes;
}

async function addFolder(reader: ObjectReader, tar: Pack, tree: string, prefix: string): Promise<void> {
  const entries = parseTree((await reader.read(tree)).content, tree.length / 2).filter((e) => e.mode !== submoduleMode);
  const blobs = entries.map((entry) => (entry.mode === folderMode ? undefined : reader.read(entry.hash)));
  for (const blob of blobs) blob?.catch(() => undefined); // told below, in order
  for (const [i, { mode, name, hash }] of entries.entries()) {
    const path = `${prefix}${checkName(name, prefix)}`;
    if (mode === folderMode) await addFolder(reader, tar, hash, `${path}/`);
    else addFile(tar, path, mode, (await blobs[i])?.content ?? Buffer.alloc(0));
  }
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
