/**
 * A folder on disk for one run of a renderer: the files of the source as they lie in the repository, and nothing else.
 * Removed afterwards. No file of it can lie outside, whatever the source's links and names say.
 */
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, sep } from 'node:path';
import type { GitOpsError } from '../../domain/errors.js';
import { inRepository, parentOf } from '../../domain/render-options.js';
import { failed } from '../manifests/kubernetes-yaml.js';
import type { SourceFile } from './source-files.js';

export interface WorkFolder {
  /** Holds the files of the source. */
  readonly root: string;
  /** Beside it: home and temp folder of the program, and what we hand to it. */
  readonly own: string;
}

/** @throws GitOpsError RenderFailed for a link or a name that leaves the source */
export async function withWorkFolder<T>(
  files: readonly SourceFile[],
  run: (folder: WorkFolder) => Promise<T>,
): Promise<T> {
  const base = await realpath(await mkdtemp(join(tmpdir(), 'sloth-render-')));
  const folder = { root: join(base, 'source'), own: join(base, 'own') };
  try {
    await Promise.all([mkdir(folder.root), mkdir(folder.own)]);
    await unpack(files, folder.root);
    return await run(folder);
  } finally {
    await rm(base, { recursive: true, force: true });
  }
}

/** Links come last, and each is looked at once all are there: one may lead over another. */
async function unpack(files: readonly SourceFile[], root: string): Promise<void> {
  for (const { path } of files) checkName(path);
  await makeFolders(files, root);
  const links = files.filter(({ link }) => link !== undefined);
  for (const { path, bytes, link } of files)
    if (link === undefined) await writeFile(join(root, path), bytes, { flag: 'wx', mode: 0o600 });
  for (const { path, link = '' } of links) {
    if (inRepository(parentOf(path), link) === undefined) throw linkOutside(path, link);
    await symlink(link, join(root, path));
  }
  for (const { path, link = '' } of links) await checkLink(root, path, link);
}

async function makeFolders(files: readonly SourceFile[], root: string): Promise<void> {
  const folders = new Set(files.map(({ path }) => dirname(join(root, path))));
  for (const folder of folders) await mkdir(folder, { recursive: true, mode: 0o700 });
}

function checkName(path: string): void {
  const parts = path.split('/');
  if (!path.startsWith('/') && !parts.some((part) => ['', '.', '..'].includes(part)) && !/[\\\0]/.test(path)) return;
  throw failed(path, 'a source must not hold a file of that name', 'give it another name');
}

/** A link to nothing is left out: what needs it fails, and says so. */
async function checkLink(root: string, path: string, link: string): Promise<void> {
  const target = await realpath(join(root, path)).catch(() => undefined);
  if (target === undefined) return rm(join(root, path), { force: true });
  if (target !== root && !target.startsWith(root + sep)) throw linkOutside(path, link);
}

function linkOutside(path: string, link: string): GitOpsError {
  return failed(path, `the link to ${link} leaves the repository`, 'put a file in its place');
}
