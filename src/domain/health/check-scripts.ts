/**
 * Which script is about which kind: folders as Argo CD lays them out, `<group>/<Kind>/health.lua`, kinds of the core
 * group without a group folder, and `_` in a folder's name for any text.
 * https://github.com/argoproj/argo-cd/tree/master/resource_customizations
 */
import { groupOf, type KubernetesObject } from '../object.js';

/** What lies in the folder of a kind. */
export interface InFolder {
  /** `apps/Deployment`, `_.crossplane.io/_`, `Pod`. */
  readonly folder: string;
}

export interface FolderScript extends InFolder {
  /** As messages name it. */
  readonly path: string;
  readonly source: string;
}

interface Wildcard<T> {
  readonly pattern: RegExp;
  readonly script: T;
}

export class CheckScripts<T extends InFolder = FolderScript> {
  private readonly exact: ReadonlyMap<string, T>;
  /** The most specific first. */
  private readonly wildcards: readonly Wildcard<T>[];

  constructor(scripts: readonly T[]) {
    const isWildcard = ({ folder }: InFolder): boolean => folder.includes('_');
    this.exact = new Map(scripts.filter((s) => !isWildcard(s)).map((s) => [s.folder, s]));
    this.wildcards = scripts
      .filter(isWildcard)
      .sort((a, b) => b.folder.length - a.folder.length || (a.folder < b.folder ? -1 : 1))
      .map((script) => ({ pattern: patternOf(script.folder), script }));
  }

  get size(): number {
    return this.exact.size + this.wildcards.length;
  }

  /** An exact folder beats every wildcard. */
  find({ apiVersion, kind }: Pick<KubernetesObject, 'apiVersion' | 'kind'>): T | undefined {
    const group = groupOf(apiVersion);
    const key = group === '' ? kind : `${group}/${kind}`;
    return this.exact.get(key) ?? this.wildcards.find(({ pattern }) => pattern.test(key))?.script;
  }
}

function patternOf(folder: string): RegExp {
  const literal = folder.split('_').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${literal.join('.*')}$`, 's');
}
