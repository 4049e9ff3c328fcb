/**
 * What a renderer wrote, as objects: read piece by piece, each piece with the file it was made from.
 */
import { setImmediate as breath } from 'node:timers/promises';
import type { RenderedObject } from '../../domain/rendered-set.js';
import type { Variables } from '../../domain/variables.js';
import { parseKubernetesYaml } from '../manifests/kubernetes-yaml.js';
import { objectsOf } from '../manifests/manifest-objects.js';
import type { SourceFile } from './source-files.js';

export interface RenderedPiece {
  readonly text: string;
  /** Number of its first line in the whole. */
  readonly line: number;
}

/** Told of each piece: the file it was made from. */
export type OriginOf = (piece: RenderedPiece) => string;

export interface RenderedText {
  readonly text: string;
  readonly originOf: OriginOf;
  /** Of the source, to find the line at which an object begins. */
  readonly files: readonly SourceFile[];
  readonly variables?: Variables | undefined;
}

/** @throws GitOpsError RenderFailed that names the file a wrong object was made from */
export async function objectsOfRendered({ text, originOf, files, variables }: RenderedText): Promise<RenderedObject[]> {
  const objects: RenderedObject[] = [];
  const byPath = new Map(files.map((file) => [file.path, file]));
  for (const piece of piecesOf(text)) {
    const where = placeOf(piece, originOf(piece), byPath);
    const options = { locate: () => where, variables, repeatedKeys: true }; // charts repeat labels; helm lets them
    objects.push(...parseKubernetesYaml(piece.text, where, options).flatMap(objectsOf));
    if (objects.length % breathEvery === 0) await breath();
  }
  return objects;
}

const breathEvery = 20;

/** Divided at lines of `---`, as both renderers write them. */
export function* piecesOf(text: string): Generator<RenderedPiece> {
  let line = 1;
  for (const piece of text.split(/^---[ \t]*\r?\n/m)) {
    if (piece.trim() !== '') yield { text: piece, line };
    line += piece.split('\n').length;
  }
}

/** The file, with the line of the object's kind when that stands there once. */
function placeOf({ text }: RenderedPiece, file: string, files: ReadonlyMap<string, SourceFile>): string {
  const kind = /^kind:[ \t]*(\S+)/m.exec(text)?.[1];
  const bytes = files.get(file)?.bytes;
  if (kind === undefined || bytes === undefined) return file;
  const lines = bytes.toString('utf8').split('\n');
  const found = lines.flatMap((line, i) => (/^kind:[ \t]*(\S+)/.exec(line)?.[1] === kind ? [i + 1] : []));
  return found.length === 1 ? `${file}:${found[0]}` : file;
}
