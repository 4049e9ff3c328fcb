/**
 * The manifests of files and folders of this machine, as render would make them of a repository's, without one. Every
 * file is tried, so that all that is wrong is found at once.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative } from 'node:path';
import { realpath } from 'node:fs/promises';
import { GitOpsError } from '../../domain/errors.js';
import { keyOf, referenceOf } from '../../domain/object.js';
import { chartName, kustomizationNames } from '../../domain/render-options.js';
import type { RenderedObject } from '../../domain/rendered-set.js';
import { placeOf, renderPlace } from '../render/render-folder.js';
import { parseKubernetesYaml } from './kubernetes-yaml.js';
import { objectsOf } from './manifest-objects.js';
import { textOf } from './plain-manifests.js';

export interface LocalManifests {
  /** Named as the path was given. */
  readonly objects: readonly RenderedObject[];
  readonly failures: readonly GitOpsError[];
}

/** A file of manifests, with `file:line` of each object. */
export function renderFile(path: string): LocalManifests {
  const documents = attempt(() => parseKubernetesYaml(textOf(path, readFileSync(path)), path));
  const rendered = documents.found.map((document) => attempt(() => objectsOf(document)));
  return {
    objects: rendered.flatMap(({ found }) => found),
    failures: [documents, ...rendered].flatMap(({ failures }) => failures),
  };
}

function attempt<T>(run: () => T[]): { readonly found: readonly T[]; readonly failures: readonly GitOpsError[] } {
  try {
    return { found: run(), failures: [] };
  } catch (error) {
    if (error instanceof GitOpsError) return { found: [], failures: [error] };
    throw error;
  }
}

/** A chart or a kustomization. Where an object comes from is known as far as the renderer tells. */
export async function renderComposed(path: string): Promise<LocalManifests> {
  const place = await placeOf(path);
  const real = await realpath(path);
  const named = (file: string): string => join(path, relative(real, join(place.root, file)));
  try {
    const { objects } = await renderPlace(place);
    return {
      objects: objects.map(({ object, source }) => ({ object, source: source === undefined ? path : named(source) })),
      failures: [],
    };
  } catch (error) {
    if (error instanceof GitOpsError) return { objects: [], failures: [renamed(error, named)] };
    throw error;
  }
}

/** What messages begin with is a file of the repository. */
function renamed({ code, message, hint }: GitOpsError, named: (file: string) => string): GitOpsError {
  const text = message.replace(/^[^\s:]+(?=:\d+: )/, (file) => (isAbsolute(file) ? file : named(file)));
  return new GitOpsError(code, text, hint === undefined ? {} : { hint });
}

export interface Twin {
  readonly first: RenderedObject;
  readonly second: RenderedObject;
}

/** Objects that are there twice, each with the one before it. */
export function twinsOf(objects: readonly RenderedObject[]): Twin[] {
  const seen = new Map<string, RenderedObject>();
  return objects.flatMap((second) => {
    const key = keyOf(referenceOf(second.object));
    const first = seen.get(key);
    seen.set(key, second);
    return first === undefined ? [] : [{ first, second }];
  });
}

export interface LocalFiles {
  readonly files: readonly string[];
  /** Folders that are more than their files (a chart, a kustomization): these are rendered as a whole. */
  readonly composed: readonly string[];
}

const composed: ReadonlySet<string> = new Set([chartName, ...kustomizationNames]);

/** All of a folder and of those in it, in the order of their paths; what is hidden, or installed, is left out. */
export function filesIn(path: string): LocalFiles {
  if (!statSync(path).isDirectory()) return composed.has(basename(path)) ? whole(dirname(path)) : ofFile(true, path);
  const entries = readdirSync(path, { withFileTypes: true }).filter(
    ({ name }) => !name.startsWith('.') && name !== 'node_modules',
  );
  if (entries.some(({ name }) => composed.has(name))) return whole(path);
  const parts = entries
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((entry) =>
      entry.isDirectory() ? filesIn(join(path, entry.name)) : ofFile(entry.isFile(), join(path, entry.name)),
    );
  return { files: parts.flatMap((p) => p.files), composed: parts.flatMap((p) => p.composed) };
}

/** Components and library charts are looked at where something uses them. */
function whole(folder: string): LocalFiles {
  const heads = [...composed].map((name) => join(folder, name)).filter((file) => existsSync(file));
  const isPart = heads.some((file) => /^(kind: *Component|type: *library) *$/m.test(readFileSync(file, 'utf8')));
  return { files: [], composed: isPart ? [] : [folder] };
}

function ofFile(isFile: boolean, path: string): LocalFiles {
  return { files: isFile ? [path] : [], composed: [] };
}
