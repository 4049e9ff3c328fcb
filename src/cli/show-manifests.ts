/**
 * Objects as they would be applied, for people and programs: values of Secrets masked.
 */
import { stringify } from 'yaml';
import { maskPair } from '../domain/diff/mask.js';
import { GitOpsError } from '../domain/errors.js';
import { groupOf, type KubernetesObject } from '../domain/object.js';
import type { RenderedObject, RenderedSet } from '../domain/rendered-set.js';

const formats = {
  yaml: (set: RenderedSet) => set.map(document).join('---\n').trimEnd(),
  json: (set: RenderedSet) => JSON.stringify({ apiVersion: 'v1', kind: 'List', items: set.map(masked) }, null, 2),
  name: (set: RenderedSet) => set.map(({ object }) => resourceName(object)).join('\n'),
} as const;

export type ManifestFormat = keyof typeof formats;

/** @throws GitOpsError InvalidInput naming the formats there are */
export function manifestFormat(text: string): ManifestFormat {
  if (Object.hasOwn(formats, text)) return text as ManifestFormat;
  throw new GitOpsError('InvalidInput', `'${text}' is not an output format`, {
    hint: `use one of ${Object.keys(formats).join(', ')}`,
  });
}

export function formatManifests(set: RenderedSet, format: ManifestFormat): string {
  return formats[format](set);
}

/** Read back as YAML 1.1 it is the same: `"yes"` keeps its quotes. */
function document(rendered: RenderedObject): string {
  const origin = rendered.source === undefined ? '' : `# Source: ${rendered.source}\n`;
  return origin + stringify(masked(rendered), { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false });
}

function masked({ object }: RenderedObject): KubernetesObject {
  return maskPair(object, undefined)[0];
}

/** As `kubectl get -o name` writes it. */
function resourceName({ apiVersion, kind, metadata: { name } }: KubernetesObject): string {
  const group = groupOf(apiVersion);
  return `${kind.toLowerCase()}${group === '' ? '' : `.${group}`}/${name}`;
}
