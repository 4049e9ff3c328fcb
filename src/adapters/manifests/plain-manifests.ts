/**
 * Plain YAML and JSON files as objects: every document, every member of a List, checked for what each object must have.
 */
import { setImmediate as breath } from 'node:timers/promises';
import { GitOpsError } from '../../domain/errors.js';
import { describeReference, keyOf, referenceOf, type KubernetesObject } from '../../domain/object.js';
import type { RenderedObject } from '../../domain/rendered-set.js';
import { readArchive } from './archive.js';
import { failed, parseKubernetesYaml, type ParsedDocument } from './kubernetes-yaml.js';

const manifestFile = /\.(ya?ml|json)$/i;

/**
 * @param tar archive of the path's tree
 * @param folder the path inside the repository, for messages
 * @param except folder inside the path whose files are no manifests
 * @throws GitOpsError RenderFailed, DuplicateObject; each names file:line
 */
export async function renderPlain(tar: Uint8Array, folder: string, except?: string): Promise<RenderedObject[]> {
  const isMeant = (path: string): boolean => except === undefined || !path.startsWith(`${except}/`);
  const files = await readArchive(tar, (path) => isManifest(path) && isMeant(path));
  const prefix = folder === '.' ? '' : `${folder}/`;
  const objects: RenderedObject[] = [];
  for (const { path, text } of files) {
    objects.push(...parseKubernetesYaml(text, prefix + path).flatMap(objectsOf));
    await breath();
  }
  refuseDuplicates(objects);
  return objects;
}

function isManifest(path: string): boolean {
  return manifestFile.test(path) && !path.split('/').some((part) => part.startsWith('.'));
}

function objectsOf({ value, source }: ParsedDocument): RenderedObject[] {
  if (value === null || value === undefined) return [];
  const object = checkObject(value, source);
  if (!isList(object)) return [{ object: checkName(object, source), source }];
  const items = object['items'] as unknown[];
  return items.map((item, i) => ({
    object: checkName(checkObject(item, `${source}: items[${i}]`), `${source}: items[${i}]`),
    source,
  }));
}

function isList(object: KubernetesObject): boolean {
  return object.kind.endsWith('List') && Array.isArray(object['items']);
}

function checkObject(value: unknown, source: string): KubernetesObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw failed(source, 'the document is no object', 'a manifest starts with apiVersion and kind');
  const object = value as KubernetesObject;
  for (const field of ['apiVersion', 'kind'] as const) {
    if (typeof object[field] !== 'string' || object[field] === '')
      throw failed(source, `${field} is missing`, `add ${field}: ... to the document`);
  }
  return object;
}

function checkName(object: KubernetesObject, source: string): KubernetesObject {
  const { metadata, kind } = object as Partial<KubernetesObject>;
  const name = metadata?.name;
  if (typeof name === 'string' && name !== '') return object;
  if (metadata?.['generateName'] !== undefined)
    throw failed(
      source,
      `${kind}: metadata.generateName would make a new object at every sync`,
      'give it a metadata.name',
    );
  throw failed(source, `${kind}: metadata.name is missing`, 'add metadata.name to the document');
}

function refuseDuplicates(objects: readonly RenderedObject[]): void {
  const seen = new Map<string, string | undefined>();
  for (const { object, source } of objects) {
    const key = keyOf(referenceOf(object));
    if (seen.has(key)) {
      throw new GitOpsError(
        'DuplicateObject',
        `${describeReference(referenceOf(object))} is defined twice: ${seen.get(key)} and ${source}`,
        {
          hint: 'remove one of them',
        },
      );
    }
    seen.set(key, source);
  }
}
