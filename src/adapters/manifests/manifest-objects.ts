/**
 * From a parsed document to the objects it holds, with the checks that need no cluster: what is wrong is told with
 * file, line, object and field.
 */
import type { GitOpsError } from '../../domain/errors.js';
import { optionsOf } from '../../domain/object-options.js';
import { groupOf, type KubernetesObject } from '../../domain/object.js';
import type { RenderedObject } from '../../domain/rendered-set.js';
import { failed, type ParsedDocument } from './kubernetes-yaml.js';

type Field = readonly (string | number)[];
type Fields = Readonly<Record<string, unknown>>;

/** An object, or what should have become one, and where its fields are. */
interface Candidate {
  readonly value: unknown;
  readonly source: string;
  /** Where it lies in its document. */
  readonly prefix: Field;
  readonly at: (field: Field) => string;
}

/** @throws GitOpsError RenderFailed */
export function objectsOf(document: ParsedDocument): RenderedObject[] {
  const { value, source, at } = document;
  if (value === null || value === undefined) return [];
  const fields = fieldsOf({ value, source, prefix: [], at });
  if (isList(fields)) return fields.items.map((item, i) => ofList(item, i, document));
  return [{ object: checkObject({ value, source, prefix: [], at }), source }];
}

/** Messages name the place of an item, what is stored of it the place of its list. */
function ofList(value: unknown, index: number, { source, at }: ParsedDocument): RenderedObject {
  const item = `: items[${index}]`;
  const place = (field: Field): string => `${at(field)}${item}`;
  return {
    object: checkObject({ value, source: `${source}${item}`, prefix: ['items', index], at: place }),
    source: at(['items', index]),
  };
}

function isList(fields: Fields): fields is Fields & { readonly items: readonly unknown[] } {
  return String(fields['kind']).endsWith('List') && Array.isArray(fields['items']);
}

function checkObject(candidate: Candidate): KubernetesObject {
  const fields = fieldsOf(candidate);
  for (const field of ['apiVersion', 'kind']) checkHeading(fields, field, candidate);
  const object = fields as unknown as KubernetesObject;
  const metadata = metadataOf(object, candidate);
  const unnamed = unnamedHook(object);
  if (unnamed !== undefined) return unnamed;
  checkName(object, metadata, candidate);
  for (const [field, check] of metadataChecks) {
    const value = metadata[field];
    const wrong = value === undefined || value === null ? undefined : check(value);
    if (wrong !== undefined) throw wrongField(candidate, object, ['metadata', field, ...wrong.below], wrong.why);
  }
  return object;
}

/** A hook may leave its name to the sync it runs in, see domain/hooks.ts; until then its prefix and its phases stand for it. */
function unnamedHook(object: KubernetesObject): KubernetesObject | undefined {
  const { metadata } = object;
  const { name, generateName } = metadata as { name?: string; generateName?: unknown };
  if (name !== undefined || typeof generateName !== 'string' || !isMap(metadata.annotations ?? {})) return undefined;
  const { hook } = optionsOf(object);
  if (hook === undefined) return undefined;
  const standIn = [generateName.replace(/[-.]+$/, ''), ...hook.moments].join('-').toLowerCase();
  return { ...object, metadata: { ...metadata, name: standIn } };
}

function fieldsOf({ value, source }: Candidate): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw failed(source, 'the document is no object', 'a manifest starts with apiVersion and kind');
}

function checkHeading(fields: Fields, field: string, candidate: Candidate): void {
  const value = fields[field];
  if (typeof value === 'string' && value !== '') return;
  const named = nameIn(fields);
  const what = named === undefined ? '' : `${typeof fields['kind'] === 'string' ? `${fields['kind']} ` : ''}${named}: `;
  if (value === undefined || value === null || value === '')
    throw failed(candidate.source, `${what}${field} is missing`, `add ${field}: ... to the document`);
  throw failed(candidate.at([...candidate.prefix, field]), `${what}${field} must be text, not ${typeName(value)}`);
}

function nameIn(fields: Fields): string | undefined {
  const name = (fields['metadata'] as Fields | undefined | null)?.['name'];
  return typeof name === 'string' ? name : undefined;
}

function metadataOf(object: KubernetesObject, candidate: Candidate): Fields {
  const metadata: unknown = object.metadata;
  if (isMap(metadata)) return metadata;
  if (metadata === undefined || metadata === null) return noName(object, {}, candidate);
  throw wrongField(candidate, object, ['metadata'], `must be a map, not ${typeName(metadata)}`);
}

function checkName(object: KubernetesObject, metadata: Fields, candidate: Candidate): void {
  const { name } = metadata;
  if (name === undefined || name === null || name === '') noName(object, metadata, candidate);
  if (typeof name !== 'string')
    throw wrongField(
      candidate,
      object,
      ['metadata', 'name'],
      `must be text, not ${typeName(name)}: put it into quotes`,
    );
  const why = wrongName(object, name);
  if (why !== undefined) throw wrongField(candidate, object, ['metadata', 'name'], `'${name}' ${why}`);
}

function noName({ kind, apiVersion }: KubernetesObject, metadata: Fields, { source }: Candidate): never {
  if (metadata['generateName'] !== undefined)
    throw failed(
      source,
      `${kind}: metadata.generateName would make a new object at every sync`,
      'give it a metadata.name; only hooks may go without',
    );
  const hint = groupOf(apiVersion).endsWith('kustomize.config.k8s.io')
    ? 'this is no manifest: give the path of the kustomization, say render.type, or exclude the file'
    : 'add metadata.name to the document';
  throw failed(source, `${kind}: metadata.name is missing`, hint);
}

/** Groups whose kinds take names that are no DNS names, such as `system:node`. */
const freelyNamed: ReadonlySet<string> = new Set([
  'rbac.authorization.k8s.io',
  'certificates.k8s.io',
  'networking.k8s.io/IPAddress',
]);

/**
 * Kubernetes' own kinds have names of RFC 1123; of the others only what no path can hold is refused here.
 * https://kubernetes.io/docs/concepts/overview/working-with-objects/names
 */
function wrongName({ apiVersion, kind }: KubernetesObject, name: string): string | undefined {
  if (name.length > 253) return 'is longer than 253 characters';
  if (/[/%]/.test(name) || name === '.' || name === '..') return 'cannot be part of an address';
  const group = groupOf(apiVersion);
  const free = freelyNamed.has(group) || freelyNamed.has(`${group}/${kind}`);
  const own = !group.includes('.') || group.endsWith('.k8s.io');
  const dns = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
  if (free || !own || dns.test(name)) return undefined;
  return "is no name of RFC 1123: lower-case letters, digits, '-' and '.', with a letter or digit at both ends";
}

interface Wrong {
  readonly below: Field;
  readonly why: string;
}

const metadataChecks: readonly (readonly [field: string, check: (value: unknown) => Wrong | undefined])[] = [
  ['namespace', (value) => (typeof value === 'string' ? undefined : mustBe('text', value))],
  ['labels', mapOfText],
  ['annotations', mapOfText],
];

function mapOfText(value: unknown): Wrong | undefined {
  if (!isMap(value)) return mustBe('a map', value);
  const [wrong] = Object.entries(value).filter(([, entry]) => typeof entry !== 'string' && entry !== null);
  return wrong === undefined ? undefined : mustBe('text', wrong[1], [wrong[0]]);
}

function mustBe(wanted: string, value: unknown, below: Field = []): Wrong {
  const quotes = wanted === 'text' && typeof value !== 'object' ? ': put it into quotes' : '';
  return { below, why: `must be ${wanted}, not ${typeName(value)}${quotes}` };
}

function wrongField(candidate: Candidate, object: KubernetesObject, field: Field, why: string): GitOpsError {
  const name = nameIn(object as unknown as Fields);
  const what = name === undefined || field.at(-1) === 'name' ? object.kind : `${object.kind} ${name}`;
  return failed(candidate.at([...candidate.prefix, ...field]), `${what}: ${field.join('.')} ${why}`);
}

function isMap(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function typeName(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return value === null ? 'nothing' : 'a map';
  return `the ${typeof value} ${String(value)}`;
}
