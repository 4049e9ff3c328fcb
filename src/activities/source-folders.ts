/**
 * Which folders of a commit a source needs: its path, the values files beside it, and the folders its kustomization
 * builds on. Known before anything is archived, so that a plain path costs what it always did.
 */
import { createHash } from 'node:crypto';
import { reachedFolders } from '../adapters/render/kustomization.js';
import type { FolderTrees, Git } from '../adapters/repository/git.js';
import type { GitSource } from '../domain/application.js';
import { foldersBeside, kustomizationNames, outermost, type RenderOptions } from '../domain/render-options.js';

/** What the kustomization of a tree says; undefined for a tree without one. A tree never changes. */
type Known = { readonly path: string; readonly text: string } | undefined;

export interface CommitPath {
  readonly source: GitSource;
  readonly commit: string;
  readonly path: string;
  readonly render?: RenderOptions | undefined;
}

export class SourceFolders {
  private readonly known = new Map<string, Known>();

  constructor(private readonly git: Git) {}

  /** Folder -> tree of everything the path needs; empty when the commit has no such path. */
  async of({ source, commit, path, render }: CommitPath, signal: AbortSignal): Promise<FolderTrees> {
    const treesOf = (paths: readonly string[]): Promise<FolderTrees> =>
      this.git.treeHashes(source, commit, paths, signal);
    const { [path]: tree } = await treesOf([path]);
    if (!tree) return {};
    const beside = foldersBeside(path, render);
    const reached = mayBeKustomize(render) ? await this.reached(source, path, treesOf, signal) : [];
    const folders = outermost([path, ...beside, ...reached]);
    if (folders.length === 1 && folders[0] === path) return { [path]: tree };
    const trees = await treesOf(folders);
    return Object.fromEntries(Object.entries(trees).filter(([, hash]) => hash !== ''));
  }

  private reached(
    source: GitSource,
    path: string,
    treesOf: (paths: readonly string[]) => Promise<FolderTrees>,
    signal: AbortSignal,
  ): Promise<string[]> {
    return reachedFolders(path, async (folder) => {
      const { [folder]: tree } = await treesOf([folder]);
      const found = tree ? await this.kustomizationIn(source, tree, signal) : undefined;
      return found && { ...found, path: `${folder}/${found.path}` };
    });
  }

  private async kustomizationIn(source: GitSource, tree: string, signal: AbortSignal): Promise<Known> {
    if (this.known.has(tree)) return this.known.get(tree);
    const file = await this.git.file(source, tree, kustomizationNames, signal);
    const found = file && { path: file.name, text: file.content.toString('utf8') };
    this.known.set(tree, found);
    for (const oldest of this.known.keys()) if (this.known.size > kept) this.known.delete(oldest);
    return found;
  }
}

/** Trees that are remembered; nearly all of them have no kustomization. */
const kept = 5000;

function mayBeKustomize(render: RenderOptions | undefined): boolean {
  return render?.type === undefined || render.type === 'kustomize';
}

/** One hash for all: the tree of the path itself when it needs nothing else. */
export function hashOf(trees: FolderTrees, path: string): string {
  const entries = Object.entries(trees).sort(([a], [b]) => (a < b ? -1 : 1));
  const [only] = entries;
  if (entries.length === 0) return '';
  if (entries.length === 1 && only?.[0] === path) return only[1];
  return createHash('sha256').update(JSON.stringify(entries)).digest('hex');
}
