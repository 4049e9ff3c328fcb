/**
 * CustomResourceDefinitions: what kinds a set brings along.
 */
import { groupOf, type KubernetesObject } from './object.js';

interface DefinitionSpec {
  readonly group: string;
  readonly scope: string;
  readonly names: { readonly kind: string };
  readonly versions: readonly { readonly name: string }[];
}

export function isDefinition({ apiVersion, kind }: Pick<KubernetesObject, 'apiVersion' | 'kind'>): boolean {
  return kind === 'CustomResourceDefinition' && groupOf(apiVersion) === 'apiextensions.k8s.io';
}

/** Group and kind that a definition brings: `example.com/Widget`. */
export function definedKind(definition: KubernetesObject): string {
  const { group, names } = definition['spec'] as DefinitionSpec;
  return `${group}/${names.kind}`;
}

/** Whether each kind that definitions among the objects bring is namespaced, by `apiVersion Kind`. */
export function definedScopes(objects: Iterable<KubernetesObject>): Map<string, boolean> {
  const scopes = new Map<string, boolean>();
  for (const object of objects) {
    if (!isDefinition(object)) continue;
    const { group, scope, names, versions } = object['spec'] as DefinitionSpec;
    for (const { name } of versions) scopes.set(`${group}/${name} ${names.kind}`, scope === 'Namespaced');
  }
  return scopes;
}
