/**
 * Plain YAML and JSON files as objects: every document, every member of a List.
 */
import { isUtf8 } from 'node:buffer';
import { setImmediate as breath } from 'node:timers/promises';
import picomatch from 'picomatch';
import { GitOpsError } from '../../domain/errors.js';
import type { RenderOptions } from '../../domain/render-options.js';
import type { RenderedObject } from '../../domain/rendered-set.js';
import type { Variables } from '../../domain/variables.js';
import { filesWithin, type SourceFile, type SourceFiles } from '../render/source-files.js';
import { failed, parseKubernetesYaml } from './kubernetes-yaml.js';
import { objectsOf } from './manifest-objects.js';

const manifestFile = /\.(ya?ml|json)$/i;
const limitBytes = 10 * 1024 * 1024;

/**
 * @param variables replaced when given
 * @throws GitOpsError RenderFailed; each names file:line
 */
export async function renderPlain(
  source: SourceFiles,
  options: RenderOptions = {},
  variables?: Variables,
): Promise<RenderedObject[]> {
  const files = manifestsOf(source, options);
  refuseTooLarge(files);
  const objects: RenderedObject[] = [];
  for (const { path, bytes } of files) {
    objects.push(...parseKubernetesYaml(textOf(path, bytes), path, { variables }).flatMap(objectsOf));
    await breath();
  }
  return objects;
}

export function textOf(path: string, bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString('utf8');
  throw failed(path, 'the file is not UTF-8', 'save it as UTF-8 and commit again');
}

/** Manifests that are links: nobody follows them here, and nobody should believe that they are applied. */
export function linksOf(source: SourceFiles, options: RenderOptions = {}): string[] {
  return filesWithin(source, source.folder)
    .filter((file) => file.link !== undefined && isWanted(source, options)(file))
    .map(({ path }) => path);
}

/** @throws GitOpsError RenderFailed when there are manifests and the globs take none */
function manifestsOf(source: SourceFiles, options: RenderOptions): SourceFile[] {
  const all = filesWithin(source, source.folder).filter(({ link }) => link === undefined);
  const wanted = all.filter(isWanted(source, options));
  if (wanted.length > 0 || options.include === undefined) return wanted;
  throw failed(source.folder, `no manifest matches include ${options.include.join(', ')}`, includeHint(source, all));
}

function includeHint({ folder }: SourceFiles, files: readonly SourceFile[]): string {
  const [first] = files.filter(({ path }) => manifestFile.test(path));
  const shown = first === undefined ? undefined : below(folder, first.path);
  return shown === undefined ? 'the path holds no manifests' : `globs are relative to the path, which holds ${shown}`;
}

function isWanted({ folder }: SourceFiles, options: RenderOptions): (file: SourceFile) => boolean {
  const { recurse = true, include, exclude = [] } = options;
  const included = include === undefined ? () => true : matcher(include);
  const excluded = matcher(exclude);
  return ({ path }) => {
    const name = below(folder, path);
    if (!manifestFile.test(name) || name.split('/').some((part) => part.startsWith('.'))) return false;
    return (recurse || !name.includes('/')) && included(name) && !excluded(name);
  };
}

/** As in .gitignore, a glob without a slash is about names at any depth. */
function matcher(globs: readonly string[]): (path: string) => boolean {
  const matches = globs.map((glob) => picomatch(glob.replace(/^\.?\//, ''), { basename: !glob.includes('/') }));
  return (path) => matches.some((match) => match(path));
}

function below(folder: string, path: string): string {
  return folder === '.' ? path : path.slice(folder.length + 1);
}

function refuseTooLarge(files: readonly SourceFile[]): void {
  let size = 0;
  for (const { path, bytes } of files) {
    size += bytes.length;
    if (size > limitBytes)
      throw new GitOpsError('RenderFailed', `${path}: the manifests are larger than 10 MiB`, {
        hint: 'give a path that holds fewer',
      });
  }
}
