/**
 * Which folders of a commit a source needs: its path, the values files beside it, and the folders its kustomization
 * builds on. Known before anything is archived, so that a plain path costs what it always did.
 */
import { createHash } from 'node:crypto';
import { reachedFolders, type KustomizationFile } from '../adapters/render/kustomization.js';
import type { FolderTrees, Git } from '../adapters/repository/git.js';
import type { GitSource } from '../domain/application.js';
import {
  chartName,
  foldersBeside,
  kustomizationNames,
  outermost,
  type RenderOptions,
  type RenderType,
} from '../domain/render-options.js';

/** The kustomization right in a tree, else its chart; undefined for a tree without either. A tree never changes. */
type Known = KustomizationFile | undefined;

export interface CommitPath {
  readonly source: GitSource;
  readonly commit: string;
  readonly path: string;
  readonly render?: RenderOptions | undefined;
}

export interface NeededFolders {
  /** Folder -> tree; empty when the commit has no such path. */
  readonly trees: FolderTrees;
  readonly renderer?: 'kustomize' | 'helm';
}

export class SourceFolders {
  private readonly known = new Map<string, Known>();

  constructor(private readonly git: Git) {}

  async of({ source, commit, path, render }: CommitPath, signal: AbortSignal): Promise<NeededFolders> {
    const treesOf = (paths: readonly string[]): Promise<FolderTrees> =>
      this.git.treeHashes(source, commit, paths, signal);
    const { [path]: tree } = await treesOf([path]);
    if (!tree) return { trees: {} };
    const look = async (folder: string): Promise<Known> => {
      const { [folder]: there } = folder === path ? { [path]: tree } : await treesOf([folder]);
      const found = there ? await this.headIn(source, there, signal) : undefined;
      return found?.path === chartName ? undefined : found;
    };
    const renderer = render?.type ?? rendererOf(await this.headIn(source, tree, signal));
    const reached = renderer === 'kustomize' ? await reachedFolders(path, look) : [];
    const folders = outermost([path, ...foldersBeside(path, render), ...reached]);
    const program = renderer === 'plain' ? {} : { renderer };
    if (folders.length === 1 && folders[0] === path) return { trees: { [path]: tree }, ...program };
    const trees = Object.entries(await treesOf(folders)).filter(([, hash]) => hash !== '');
    return { trees: Object.fromEntries(trees), ...program };
  }

  private async headIn(source: GitSource, tree: string, signal: AbortSignal): Promise<Known> {
    if (this.known.has(tree)) return this.known.get(tree);
    const file = await this.git.file(source, tree, [...kustomizationNames, chartName], signal);
    const found = file && { path: file.name, text: file.content.toString('utf8') };
    this.known.set(tree, found);
    for (const oldest of this.known.keys()) if (this.known.size > kept) this.known.delete(oldest);
    return found;
  }
}

/** Trees that are remembered; nearly all of them have neither. */
const kept = 5000;

function rendererOf(head: Known): RenderType {
  if (head === undefined) return 'plain';
  return head.path === chartName ? 'helm' : 'kustomize';
}

/** One hash for all: the tree of the path itself when it needs nothing else. */
export function hashOf(trees: FolderTrees, path: string): string {
  const entries = Object.entries(trees).sort(([a], [b]) => (a < b ? -1 : 1));
  const [only] = entries;
  if (entries.length === 0) return '';
  if (entries.length === 1 && only?.[0] === path) return only[1];
  return createHash('sha256').update(JSON.stringify(entries)).digest('hex');
}
