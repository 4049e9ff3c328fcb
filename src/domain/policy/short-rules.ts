/**
 * The rules of the short form: what each field of a policy demands of an object.
 */
import type { KubernetesObject } from '../object.js';
import type { FieldType } from './document.js';
import { globMatches } from './glob.js';
import { comesFrom, floats, parseImage } from './image.js';
import { groupKind, kindMatches } from './kinds.js';
import { containersOf, valueAt } from './pods.js';
import type { Complaint, PolicyRequest } from './policy.js';

export interface ShortRule {
  readonly type: FieldType;
  /** @param setting what the policy says */
  check(setting: never, request: PolicyRequest): readonly Complaint[];
}

type Present = PolicyRequest & { readonly object: KubernetesObject };

/** A rule that looks at the object; on a deletion there is none. */
function ofObject<S>(type: FieldType, check: (setting: S, object: KubernetesObject, request: Present) => Complaint[]) {
  return {
    type,
    check: (setting: S, request: PolicyRequest): Complaint[] =>
      request.object === null ? [] : check(setting, request.object, request as Present),
  };
}

function ofReference<S>(type: FieldType, check: (setting: S, request: PolicyRequest) => Complaint[]) {
  return { type, check };
}

const complaint = (field: string, message: string): Complaint => ({ field, message });

export const shortRules = {
  allowed_kinds: ofReference<string[]>('strings', (kinds, { reference }) =>
    kinds.some((pattern) => kindMatches(pattern, reference))
      ? []
      : [complaint('kind', `${groupKind(reference)} is not an allowed kind (${kinds.join(', ')})`)],
  ),
  denied_kinds: ofReference<string[]>('strings', (kinds, { reference }) =>
    kinds.some((pattern) => kindMatches(pattern, reference))
      ? [complaint('kind', `${groupKind(reference)} is a denied kind`)]
      : [],
  ),
  /** Objects of the cluster are in none: kinds are for those. */
  allowed_namespaces: ofReference<string[]>('strings', (allowed, { reference: { namespace } }) =>
    namespace === undefined || allowed.some((pattern) => globMatches(pattern, namespace))
      ? []
      : [complaint('metadata.namespace', `'${namespace}' is not an allowed namespace (${allowed.join(', ')})`)],
  ),
  allowed_registries: ofObject<string[]>('strings', (allowed, object) =>
    imagesOf(object)
      .filter(({ image }) => !allowed.some((place) => comesFrom(parseImage(image), place)))
      .map(({ path, image }) =>
        complaint(path, `'${image}' comes from ${parseImage(image).registry}; allowed: ${allowed.join(', ')}`),
      ),
  ),
  required_labels: ofObject<Wanted>('any', (wanted, { metadata }) =>
    missingOf(wanted, metadata.labels, 'metadata.labels', 'label'),
  ),
  required_annotations: ofObject<Wanted>('any', (wanted, { metadata }) =>
    missingOf(wanted, metadata.annotations, 'metadata.annotations', 'annotation'),
  ),
  max_replicas: ofObject<number>('number', (most, object) =>
    replicasOf(object)
      .filter(({ count }) => count > most)
      .map(({ path, count }) => complaint(path, `${count} replicas are more than ${most}`)),
  ),
  min_replicas: ofObject<number>('number', (least, object) =>
    replicasOf(object)
      .filter(({ path, count }) => path === 'spec.replicas' && count < least)
      .map(({ path, count }) => complaint(path, `${count} replicas are fewer than ${least}`)),
  ),
  forbid_latest_tag: ofObject<boolean>('boolean', (on, object) =>
    imagesOf(object)
      .filter(({ image }) => on && floats(parseImage(image)))
      .map(({ path, image }) =>
        complaint(path, `'${image}' names no version: give a tag other than latest, or a digest`),
      ),
  ),
  forbid_privileged: ofObject<boolean>('boolean', (on, object) =>
    containersOf(object)
      .filter(({ container }) => on && valueAt(container, 'securityContext.privileged') === true)
      .map(({ path }) => complaint(`${path}.securityContext.privileged`, 'privileged containers are forbidden')),
  ),
  require_resources: ofObject<boolean | string[]>('any', (wanted, object) =>
    containersOf(object).flatMap(({ path, container }) =>
      resourcesOf(wanted)
        .filter((name) => valueAt(container, `resources.${name}`) === undefined)
        .map((name) => complaint(`${path}.resources.${name}`, 'is missing')),
    ),
  ),
} as const satisfies Record<string, ShortRule>;

/** Names, or names with what their values must look like. */
type Wanted = readonly string[] | Readonly<Record<string, unknown>>;

function missingOf(
  wanted: Wanted,
  found: Readonly<Record<string, string>> = {},
  place: string,
  what: string,
): Complaint[] {
  const pairs: (readonly [string, string])[] = Array.isArray(wanted)
    ? (wanted as string[]).map((name) => [name, '*'])
    : Object.entries(wanted).map(([name, pattern]) => [name, String(pattern)]);
  return pairs.flatMap(([name, pattern]) => {
    const value = found[name];
    if (value === undefined) return [complaint(`${place}.${name}`, `the ${what} is missing`)];
    const fits = globMatches(pattern.replaceAll('*', '**'), value);
    return fits ? [] : [complaint(`${place}.${name}`, `'${value}' is not like '${pattern}'`)];
  });
}

function imagesOf(object: KubernetesObject): { path: string; image: string }[] {
  return containersOf(object).flatMap(({ path, container: { image } }) =>
    typeof image === 'string' ? [{ path: `${path}.image`, image }] : [],
  );
}

function replicasOf(object: KubernetesObject): { path: string; count: number }[] {
  return ['spec.replicas', 'spec.maxReplicas'].flatMap((path) => {
    const count = valueAt(object, path);
    return typeof count === 'number' ? [{ path, count }] : [];
  });
}

const usualResources = ['requests.cpu', 'requests.memory', 'limits.memory'];

function resourcesOf(wanted: boolean | readonly string[]): readonly string[] {
  if (Array.isArray(wanted)) return wanted as readonly string[];
  return wanted === true ? usualResources : [];
}
