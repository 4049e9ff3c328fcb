/**
 * Which script judges which kind: folders as Argo CD lays them out, `<group>/<Kind>/health.lua`, kinds of the core
 * group without a group folder, and `_` in a folder's name for any text.
 * https://github.com/argoproj/argo-cd/tree/master/resource_customizations
 */
import { groupOf, type KubernetesObject } from '../object.js';

export interface FolderScript {
  /** `apps/Deployment`, `_.crossplane.io/_`, `Pod`. */
  readonly folder: string;
  /** As messages name it. */
  readonly path: string;
  readonly source: string;
}

interface Wildcard {
  readonly pattern: RegExp;
  readonly script: FolderScript;
}

export class CheckScripts {
  private readonly exact: ReadonlyMap<string, FolderScript>;
  /** The most specific first. */
  private readonly wildcards: readonly Wildcard[];

  constructor(scripts: readonly FolderScript[]) {
    const isWildcard = ({ folder }: FolderScript): boolean => folder.includes('_');
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
  find({ apiVersion, kind }: Pick<KubernetesObject, 'apiVersion' | 'kind'>): FolderScript | undefined {
    const group = groupOf(apiVersion);
    const key = group === '' ? kind : `${group}/${kind}`;
    return this.exact.get(key) ?? this.wildcards.find(({ pattern }) => pattern.test(key))?.script;
  }
}

function patternOf(folder: string): RegExp {
  const literal = folder.split('_').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${literal.join('.*')}$`, 's');
}
