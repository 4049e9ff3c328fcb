/**
 * A folder of this machine as the archive that render reads: what a commit of it would hold.
 */
import { readdir, readFile, readlink, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pack, type Pack } from 'tar-stream';
import { GitOpsError } from '../../domain/errors.js';

/** As for trees of a repository: the worker keeps an archive in memory. */
const limitBytes = 64 * 1024 * 1024;
const entryBytes = 512;

interface Archive {
  readonly root: string;
  readonly tar: Pack;
  bytes: number;
}

/**
 * Links are kept as links, which nobody follows; `.git` is left out.
 * @throws GitOpsError PathNotFound, RenderFailed for more than 64 MiB
 */
export async function archiveFolder(root: string): Promise<Uint8Array> {
  await mustBeFolder(root);
  const tar = pack();
  const bytes = collect(tar);
  await addFolder({ root, tar, bytes: 0 }, '');
  tar.finalize();
  return bytes;
}

async function mustBeFolder(root: string): Promise<void> {
  const found = await stat(root).catch(() => undefined);
  if (found?.isDirectory()) return;
  throw new GitOpsError('PathNotFound', `${root} is ${found === undefined ? 'not there' : 'no folder'}`, {
    hint: 'give the folder that holds the manifests',
  });
}

async function addFolder(archive: Archive, folder: string): Promise<void> {
  const entries = await readdir(join(archive.root, folder), { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name === '.git') continue;
    const name = `${folder}${entry.name}`;
    if (entry.isDirectory()) await addFolder(archive, `${name}/`);
    else if (entry.isSymbolicLink()) await addLink(archive, name);
    else if (entry.isFile()) await addFile(archive, name);
  }
}

async function addLink({ root, tar }: Archive, name: string): Promise<void> {
  tar.entry({ name, type: 'symlink', linkname: await readlink(join(root, name)), mtime: new Date(0) });
}

async function addFile(archive: Archive, name: string): Promise<void> {
  const path = join(archive.root, name);
  archive.bytes += entryBytes + (await stat(path)).size;
  if (archive.bytes > limitBytes) {
    throw new GitOpsError('RenderFailed', `${path}: with it, the files come to more than 64 MiB`, {
      hint: 'give a folder that holds manifests only',
    });
  }
  archive.tar.entry({ name, mtime: new Date(0) }, await readFile(path));
}

async function collect(stream: AsyncIterable<unknown>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}
