/**
 * What the `fs` module does in the folder of a run: one function a call.
 */
import { constants } from 'node:fs';
import { cp, lstat, mkdir, open, readdir, rm, rmdir, stat, unlink } from 'node:fs/promises';
import { dirname, relative } from 'node:path';
import { GitOpsError } from '../../domain/errors.js';
import { textLimitBytes } from '../../domain/text-limits.js';
import { isGitFolder } from '../../domain/work-path.js';
import type { RunFolder } from './run-folder.js';

export interface FileRequest {
  readonly path: string;
  readonly workdir?: string | undefined;
  readonly content?: string | undefined;
  readonly to?: string | undefined;
}

/** A text is kept apart: a large one does not go into the history. */
export type FileAnswer = boolean | number | readonly string[] | { readonly text: string };

type Operation = (folder: RunFolder, request: FileRequest) => Promise<FileAnswer>;

const { O_APPEND, O_CREAT, O_NOFOLLOW, O_RDONLY, O_TRUNC, O_WRONLY } = constants;

async function read(folder: RunFolder, { path, workdir }: FileRequest): Promise<{ text: string }> {
  const file = await open(await folder.path(path, workdir), O_RDONLY | O_NOFOLLOW);
  try {
    const found = await file.stat();
    if (found.isDirectory()) throw refused(path, 'is a folder', 'fs.ls(path) lists it');
    if (found.size > textLimitBytes)
      throw refused(path, `holds ${found.size} bytes, a script can read ${textLimitBytes}`, 'take a part, with exec');
    return { text: textOf(await file.readFile(), path) };
  } finally {
    await file.close();
  }
}

/** Anything else would come back changed when the script writes it again. */
function textOf(bytes: Buffer, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw refused(path, 'is not UTF-8 text', 'encode it first: exec.run("base64 file")');
  }
}

async function put(folder: RunFolder, { path, workdir, content = '' }: FileRequest, flags: number): Promise<boolean> {
  const at = await ours(folder, path, workdir);
  await mkdir(dirname(at), { recursive: true });
  const file = await open(at, flags | O_WRONLY | O_CREAT | O_NOFOLLOW, 0o644);
  try {
    await file.writeFile(content);
  } finally {
    await file.close();
  }
  return true;
}

async function exists(folder: RunFolder, { path, workdir }: FileRequest): Promise<boolean> {
  return stat(await folder.path(path, workdir)).then(
    () => true,
    () => false,
  );
}

/** A file, a link, or an empty folder. */
async function removeOne(folder: RunFolder, { path, workdir }: FileRequest): Promise<boolean> {
  const at = await ours(folder, path, workdir, 'keep');
  await ((await lstat(at)).isDirectory() ? rmdir(at) : unlink(at));
  return true;
}

/** What is not there is gone. */
async function removeAll(folder: RunFolder, { path, workdir }: FileRequest): Promise<boolean> {
  const at = await folder.path(path, workdir, 'keep');
  if (at === folder.root) throw refused(path, 'is the folder of the run', 'remove what lies in it');
  await rm(at, { recursive: true, force: true });
  return true;
}

async function copy(folder: RunFolder, { path, workdir, to = '' }: FileRequest): Promise<boolean> {
  const [from, target] = [await folder.path(path, workdir), await ours(folder, to, workdir)];
  await mkdir(dirname(target), { recursive: true });
  await cp(from, target, { recursive: true, errorOnExist: false, verbatimSymlinks: true, preserveTimestamps: true });
  return true;
}

/** @throws GitOpsError NotAllowed for what only git may write: its settings can name programs to run */
async function ours(folder: RunFolder, path: string, workdir?: string, last?: 'keep'): Promise<string> {
  const at = await folder.path(path, workdir, last);
  if (!isGitFolder(relative(folder.root, at))) return at;
  throw new GitOpsError('NotAllowed', `path '${path}' belongs to git itself`, { hint: 'use the git module' });
}

const fileOperations = {
  read,
  write: (folder, request) => put(folder, request, O_TRUNC),
  append: (folder, request) => put(folder, request, O_APPEND),
  exists,
  mkdir: async (folder, { path, workdir }) => {
    await mkdir(await ours(folder, path, workdir), { recursive: true });
    return true;
  },
  rm: removeOne,
  rm_r: removeAll,
  copy,
  ls: async (folder, { path, workdir }) => (await readdir(await folder.path(path, workdir))).sort(),
  size: async (folder, { path, workdir }) => (await stat(await folder.path(path, workdir))).size,
} as const satisfies Record<string, Operation>;

export type FileOperation = keyof typeof fileOperations;

export const changesFiles: ReadonlySet<FileOperation> = new Set(['write', 'append', 'mkdir', 'rm', 'rm_r', 'copy']);

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'is not there',
  ENOTDIR: 'goes through a file',
  EISDIR: 'is a folder',
  EEXIST: 'is there already',
  ENOTEMPTY: 'is a folder with files in it; fs.rm_r removes it',
  EACCES: 'may not be touched',
  ENOSPC: 'does not fit on the disk',
  ELOOP: 'is a link',
};

/** @throws GitOpsError PathNotFound, InvalidInput, NotAllowed in the words of a script */
export async function onFiles(folder: RunFolder, name: FileOperation, request: FileRequest): Promise<FileAnswer> {
  try {
    return await fileOperations[name](folder, request);
  } catch (error) {
    if (error instanceof GitOpsError) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? '';
    const why = reasons[code] ?? `cannot be used (${code})`;
    throw new GitOpsError(code === 'ENOENT' ? 'PathNotFound' : 'InvalidInput', `path '${request.path}' ${why}`);
  }
}

function refused(path: string, why: string, hint: string): GitOpsError {
  return new GitOpsError('InvalidInput', `path '${path}' ${why}`, { hint });
}
