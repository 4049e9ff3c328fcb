/**
 * What render makes and everything after it reads: the objects an application wants, in apply order.
 */
import type { KubernetesObject } from './object.js';

export interface RenderedObject {
  readonly object: KubernetesObject;
  /** Where the user wrote it, `file:line` relative to the repository's root; absent when a renderer lost track. */
  readonly source?: string;
}

/** The artifact `RenderResult.manifests` points to. */
export type RenderedSet = readonly RenderedObject[];
