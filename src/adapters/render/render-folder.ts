/**
 * A folder on disk, rendered without cluster, git or engine: for `render PATH` and `validate`.
 */
import { existsSync } from 'node:fs';
import { readFile, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { GitOpsError } from '../../domain/errors.js';
import {
  chartName,
  foldersBeside,
  kustomizationNames,
  outermost,
  renderTypeOf,
  type RenderOptions,
} from '../../domain/render-options.js';
import { reachedFolders } from './kustomization.js';
import { renderSource, type RenderedSource, type RenderFacts } from './render-source.js';
import { filesOfFolder, namesIn, type SourceFiles } from './source-files.js';

export type FolderFacts = Omit<RenderFacts, 'cluster' | 'appName' | 'signal'> & {
  readonly appName?: string;
  readonly signal?: AbortSignal;
};

/**
 * @param path a folder, or one manifest
 * @throws GitOpsError PathNotFound, and those of `renderSource`; files are named from the repository's root, or from the
 * folder when it lies in none
 */
export async function renderFolder(
  path: string,
  options: RenderOptions = {},
  facts: FolderFacts = {},
): Promise<RenderedSource> {
  return renderPlace(await placeOf(path), options, facts);
}

/** @throws GitOpsError those of `renderSource` */
export async function renderPlace(
  place: Place,
  options: RenderOptions = {},
  facts: FolderFacts = {},
): Promise<RenderedSource> {
  const single = place.file === undefined ? options : { ...options, type: 'plain' as const, include: [place.file] };
  const source = await read(place, single);
  const { appName = nameFrom(place), signal = new AbortController().signal, ...rest } = facts;
  return renderSource(source, single, { ...rest, appName, signal });
}

export interface Place {
  /** Folder on disk that files are named from, without links. */
  readonly root: string;
  readonly folder: string;
  /** The one file that was asked for. */
  readonly file?: string;
}

/** @throws GitOpsError PathNotFound */
export async function placeOf(path: string): Promise<Place> {
  const real = await realpath(path).catch((cause: unknown) => {
    throw new GitOpsError('PathNotFound', `there is no file or folder ${path}`, { cause });
  });
  const isFile = (await stat(real)).isFile();
  const folder = isFile ? dirname(real) : real;
  const name = basename(real);
  const manifest = isFile && name !== chartName && !kustomizationNames.includes(name);
  const root = repositoryAround(folder) ?? (await ancestorOfReached(folder));
  return { root, folder: inside(root, folder), ...(manifest ? { file: `/${name}` } : {}) };
}

function inside(root: string, folder: string): string {
  return relative(root, folder).split(sep).join('/') || '.';
}

/** Outside of any repository: the folder that holds everything a kustomization there builds on. */
async function ancestorOfReached(folder: string): Promise<string> {
  const reached = await reachedOnDisk('/', inside('/', folder));
  const parts = [inside('/', folder), ...reached].map((path) => path.split('/'));
  const [first = []] = parts;
  const differs = first.findIndex((part, i) => parts.some((other) => other[i] !== part));
  return `/${first.slice(0, differs < 0 ? first.length : differs).join('/')}`;
}

function repositoryAround(folder: string): string | undefined {
  if (existsSync(join(folder, '.git'))) return folder;
  const parent = dirname(folder);
  return parent === folder ? undefined : repositoryAround(parent);
}

/** The folder, and what of the repository it builds on. */
async function read({ root, folder }: Place, options: RenderOptions): Promise<SourceFiles> {
  const beside = foldersBeside(folder, options).filter((name) => existsSync(join(root, name)));
  const source = { folder, files: await filesOfFolder(root, [folder, ...beside]) };
  if (renderTypeOf(namesIn(source, folder), options.type, folder) !== 'kustomize') return source;
  const reached = await reachedOnDisk(root, folder);
  return { folder, files: await filesOfFolder(root, outermost([folder, ...beside, ...reached])) };
}

function reachedOnDisk(root: string, folder: string): Promise<string[]> {
  return reachedFolders(folder, async (name) => {
    const file = kustomizationNames.map((one) => join(root, name, one)).find(existsSync);
    if (file === undefined) return undefined;
    return { path: inside(root, file), text: await readFile(file, 'utf8') };
  });
}

function nameFrom({ root, folder }: Place): string {
  const name = basename(folder === '.' ? root : folder);
  return (
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 53) || 'app'
  );
}
