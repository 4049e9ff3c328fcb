/**
 * How the path of a source becomes objects: the normalised form of `render` in a declaration, and what follows from it
 * without looking at a file.
 */
import { GitOpsError } from './errors.js';

export const renderTypes = ['plain', 'kustomize', 'helm'] as const;
export type RenderType = (typeof renderTypes)[number];

export interface RenderOptions {
  /** By what the path holds when absent. */
  readonly type?: RenderType;
  /** Whether plain manifests are looked for below the path, too; true when absent. */
  readonly recurse?: boolean;
  /** Globs over paths relative to the source's; `exclude` wins. */
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  /** Present: `${name}` is replaced in what was rendered, also when there are none but the built-in ones. */
  readonly variables?: Readonly<Record<string, string>>;
  readonly helm?: HelmOptions;
}

export interface HelmOptions {
  readonly releaseName?: string;
  readonly namespace?: string;
  /** Relative to the chart; they may lie outside it, inside the repository. */
  readonly valuesFiles?: readonly string[];
  /** Beats the files. */
  readonly values?: Readonly<Record<string, unknown>>;
  /** Path of a value -> what it is; beats everything else. */
  readonly parameters?: Readonly<Record<string, string | number | boolean | null>>;
  readonly skipCrds?: boolean;
  /** True when absent. */
  readonly skipTests?: boolean;
  readonly kubeVersion?: string;
  readonly apiVersions?: readonly string[];
  readonly skipSchemaValidation?: boolean;
}

export const kustomizationNames: readonly string[] = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];
export const chartName = 'Chart.yaml';

/**
 * @param names of the files right in the folder
 * @throws GitOpsError RenderFailed when they speak of two
 */
export function renderTypeOf(names: readonly string[], asked: RenderType | undefined, folder: string): RenderType {
  if (asked !== undefined) return asked;
  const kustomization = kustomizationNames.find((name) => names.includes(name));
  const chart = names.includes(chartName);
  if (kustomization !== undefined && chart)
    throw new GitOpsError('RenderFailed', `${folder} holds both ${kustomization} and ${chartName}`, {
      hint: 'say which is meant: render = { type = "kustomize" } or { type = "helm" }',
    });
  if (chart) return 'helm';
  return kustomization === undefined ? 'plain' : 'kustomize';
}

/** Folders outside the path that rendering needs as well, as far as the declaration tells. */
export function foldersBeside(path: string, options: RenderOptions | undefined): string[] {
  const folders = (options?.helm?.valuesFiles ?? []).map((file) => parentOf(inRepository(path, file) ?? file));
  return [...new Set(folders)].filter((folder) => !isWithin(folder, path)).sort();
}

/** `path` joined with a relative one, `.` for the root; undefined when that leaves the repository. */
export function inRepository(path: string, relative: string): string | undefined {
  const parts: string[] = path === '.' ? [] : path.split('/');
  if (relative.startsWith('/')) return undefined;
  for (const part of relative.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.length === 0 ? '.' : parts.join('/');
}

export function parentOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '.' : path.slice(0, slash);
}

/** Whether a folder is the other, or lies below it. */
export function isWithin(folder: string, other: string): boolean {
  return other === '.' || folder === other || folder.startsWith(`${other}/`);
}

/** Without those that lie within another. */
export function outermost(folders: readonly string[]): string[] {
  const distinct = [...new Set(folders)].sort();
  return distinct.filter((folder) => !distinct.some((other) => other !== folder && isWithin(folder, other)));
}
