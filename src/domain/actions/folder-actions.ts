/**
 * Which scripts tell and do the actions of a kind: of each folder the exact or nearest entry, and of several folders
 * the first that has a word to say about an action. A folder's discovery beats those behind it action by action, so that
 * an operator adds one, replaces one, or disables one.
 */
import { CheckScripts, type FolderScript, type InFolder } from '../health/check-scripts.js';
import type { KubernetesObject } from '../object.js';
import type { ResourceAction } from './action.js';

/** What lies in the `actions` folder of a kind. */
export interface FolderActions extends InFolder {
  readonly discovery?: FolderScript;
  /** By name. */
  readonly actions: ReadonlyMap<string, FolderScript>;
}

export class FolderedActions {
  private readonly layers: readonly CheckScripts<FolderActions>[];

  /** @param layers what beats what: the operator's first */
  constructor(layers: readonly (readonly FolderActions[])[]) {
    this.layers = layers.map((folders) => new CheckScripts(folders));
  }

  /** What beats comes first. */
  discoveries(kind: Pick<KubernetesObject, 'apiVersion' | 'kind'>): FolderScript[] {
    return this.of(kind).flatMap(({ discovery }) => discovery ?? []);
  }

  action(kind: Pick<KubernetesObject, 'apiVersion' | 'kind'>, name: string): FolderScript | undefined {
    return this.of(kind).flatMap(({ actions }) => actions.get(name) ?? [])[0];
  }

  private of(kind: Pick<KubernetesObject, 'apiVersion' | 'kind'>): FolderActions[] {
    return this.layers.flatMap((layer) => layer.find(kind) ?? []);
  }
}

/** @param layers what beats what, the first most */
export function mergedActions(layers: readonly (readonly ResourceAction[])[]): ResourceAction[] {
  const byName = new Map([...layers].reverse().flatMap((actions) => actions.map((a) => [a.name, a] as const)));
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
