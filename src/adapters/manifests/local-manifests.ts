/**
 * The manifests of a file or folder of this machine, as render would make them of a repository's, without one. Every
 * file is tried, so that all that is wrong is found at once.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { pack } from 'tar-stream';
import { GitOpsError } from '../../domain/errors.js';
import { keyOf, referenceOf } from '../../domain/object.js';
import type { RenderedObject } from '../../domain/rendered-set.js';
import { renderPlain } from './plain-manifests.js';

export interface LocalManifests {
  readonly objects: readonly RenderedObject[];
  readonly failures: readonly GitOpsError[];
}

/** A file of manifests, with `file:line` of each object. */
export async function renderFile(path: string): Promise<LocalManifests> {
  try {
    const tar = pack();
    tar.entry({ name: basename(path) }, readFileSync(path));
    tar.finalize();
    return { objects: await renderPlain(await buffer(tar), dirname(path)), failures: [] };
  } catch (error) {
    if (error instanceof GitOpsError) return { objects: [], failures: [error] };
    throw error;
  }
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
  /** Folders that are more than their files (a chart, a kustomization): these are rendered as a whole, or not at all. */
  readonly composed: readonly string[];
}

const composed = new Set(['Chart.yaml', 'kustomization.yaml', 'kustomization.yml', 'Kustomization']);

/** All of a folder and of those in it, in the order of their paths; what is hidden, or installed, is left out. */
export function filesIn(path: string): LocalFiles {
  if (!statSync(path).isDirectory()) return { files: [path], composed: [] };
  const entries = readdirSync(path, { withFileTypes: true }).filter(
    ({ name }) => !name.startsWith('.') && name !== 'node_modules',
  );
  if (entries.some(({ name }) => composed.has(name))) return { files: [], composed: [path] };
  const parts = entries
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((entry) =>
      entry.isDirectory() ? filesIn(join(path, entry.name)) : ofFile(entry.isFile(), join(path, entry.name)),
    );
  return { files: parts.flatMap((p) => p.files), composed: parts.flatMap((p) => p.composed) };
}

function ofFile(isFile: boolean, path: string): LocalFiles {
  return { files: isFile ? [path] : [], composed: [] };
}
