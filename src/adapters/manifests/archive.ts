/**
 * The files of a tar, in memory, in the order of their paths. Nothing is unpacked to disk, so nothing can be written
 * outside a folder; links are not followed.
 */
import { Readable } from 'node:stream';
import { extract } from 'tar-stream';
import { GitOpsError } from '../../domain/errors.js';

export interface ArchiveFile {
  readonly path: string;
  readonly text: string;
}

const limitBytes = 10 * 1024 * 1024;

/** @param wanted which paths to read @throws GitOpsError RenderFailed over 10 MiB in all */
export async function readArchive(tar: Uint8Array, wanted: (path: string) => boolean): Promise<ArchiveFile[]> {
  const files: ArchiveFile[] = [];
  const entries = Readable.from([Buffer.from(tar)]).pipe(extract());
  let size = 0;
  for await (const entry of entries) {
    const { name, type } = entry.header;
    if (type !== 'file' || !wanted(name)) {
      entry.resume();
      continue;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk as Buffer);
    const bytes = Buffer.concat(chunks);
    size += bytes.length;
    if (size > limitBytes)
      throw new GitOpsError('RenderFailed', `${name}: the manifests are larger than 10 MiB`, {
        hint: 'give a path that holds fewer',
      });
    files.push({ path: name, text: bytes.toString('utf8') });
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}
