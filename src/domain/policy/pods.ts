/**
 * The containers of whatever makes Pods, each with the path that leads to it.
 */
import type { KubernetesObject } from '../object.js';

export interface FoundContainer {
  /** `spec.template.spec.containers[0]` */
  readonly path: string;
  readonly container: Readonly<Record<string, unknown>>;
}

/** Where a pod's spec may be: of Pods themselves, of what has a template of Pods, of what has one of Jobs. */
const places = ['spec', 'spec.template.spec', 'spec.jobTemplate.spec.template.spec', 'template.spec'];
const lists = ['initContainers', 'containers', 'ephemeralContainers'];

export function containersOf(object: KubernetesObject): FoundContainer[] {
  return places.flatMap((place) => {
    const spec = valueAt(object, place);
    return lists.flatMap((list) => entries(tableOf(spec)[list], `${place}.${list}`));
  });
}

function entries(list: unknown, path: string): FoundContainer[] {
  if (!Array.isArray(list)) return [];
  return list.map((container: unknown, i) => ({ path: `${path}[${i}]`, container: tableOf(container) }));
}

/** By a path of plain names. */
export function valueAt(value: unknown, path: string): unknown {
  return path.split('.').reduce((inner, name) => tableOf(inner)[name], value);
}

function tableOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
