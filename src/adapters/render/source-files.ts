/**
 * The files of a source, in memory, by their path inside the repository: from an archive that clone stored, or from a
 * folder on disk. Links are kept as links; whoever reads decides about them.
 */
import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { extract } from 'tar-stream';
import { GitOpsError } from '../../domain/errors.js';
import { isWithin, outermost, parentOf } from '../../domain/render-options.js';

export interface SourceFile {
  /** Relative to the repository's root. */
  readonly path: string;
  readonly bytes: Buffer;
  /** Where a symbolic link points. */
  readonly link?: string;
}

export interface SourceFiles {
  /** In the order of their paths. */
  readonly files: readonly SourceFile[];
  /** The source's own folder inside the repository. */
  readonly folder: string;
}

/** @param folder where the archive's root lies in the repository, `.` for an archive of several folders */
export async function filesOfArchive(tar: Uint8Array, folder: string): Promise<SourceFile[]> {
  const prefix = folder === '.' ? '' : `${folder}/`;
  const files: SourceFile[] = [];
  for await (const entry of Readable.from([Buffer.from(tar)]).pipe(extract())) {
    const { name, type, linkname } = entry.header;
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk as Buffer);
    const bytes = chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
    if (type === 'file') files.push({ path: prefix + name, bytes });
    if (type === 'symlink') files.push({ path: prefix + name, bytes: Buffer.alloc(0), link: linkname ?? '' });
  }
  return files.sort(byPath);
}

const limitBytes = 64 * 1024 * 1024;

/**
 * @param root the folder on disk that stands for the repository's root
 * @param folders inside it, which are read whole
 * @throws GitOpsError RenderFailed over 64 MiB, PathNotFound
 */
export async function filesOfFolder(root: string, folders: readonly string[]): Promise<SourceFile[]> {
  const files: SourceFile[] = [];
  let size = 0;
  for (const folder of outermost(folders))
    for await (const file of walk(root, folder)) {
      size += file.bytes.length;
      if (size > limitBytes) throw tooLarge(root);
      files.push(file);
    }
  return files.sort(byPath);
}

function tooLarge(root: string): GitOpsError {
  return new GitOpsError('RenderFailed', `${root}: the files come to more than 64 MiB`, {
    hint: 'give a path that holds manifests only',
  });
}

async function* walk(root: string, folder: string): AsyncGenerator<SourceFile> {
  for (const entry of await entriesOf(join(root, folder))) {
    const path = folder === '.' ? entry.name : `${folder}/${entry.name}`;
    const onDisk = join(root, path);
    if (entry.isDirectory()) {
      if (entry.name !== '.git') yield* walk(root, path);
    } else if (entry.isSymbolicLink()) yield { path, bytes: Buffer.alloc(0), link: await readlink(onDisk) };
    else if (entry.isFile()) yield { path, bytes: await readBounded(onDisk) };
  }
}

async function entriesOf(folder: string) {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (cause) {
    throw new GitOpsError('PathNotFound', `${folder} cannot be read: ${(cause as Error).message}`, { cause });
  }
}

/** A file that is larger than everything may be is cut short: the sum is refused anyway. */
async function readBounded(path: string): Promise<Buffer> {
  return (await lstat(path)).size > limitBytes ? Buffer.alloc(limitBytes + 1) : readFile(path);
}

/** Names of the files right in a folder. */
export function namesIn({ files }: SourceFiles, folder: string): string[] {
  const start = folder === '.' ? 0 : folder.length + 1;
  return files.filter(({ path }) => parentOf(path) === folder).map(({ path }) => path.slice(start));
}

/** The files in a folder and below it. */
export function filesWithin({ files }: SourceFiles, folder: string): SourceFile[] {
  return files.filter(({ path }) => isWithin(path, folder));
}

function byPath(a: SourceFile, b: SourceFile): number {
  return a.path < b.path ? -1 : 1;
}
