/**
 * Which kinds an API server serves, under which path: aggregated discovery, two requests for all of it.
 * https://kubernetes.io/docs/concepts/overview/kubernetes-api/#aggregated-discovery
 */
import { GitOpsError } from '../../domain/errors.js';
import { groupOf } from '../../domain/object.js';
import type { ApiResource } from './cluster.js';
import type { Transport } from './transport.js';

const accept = ['v2', 'v2beta1']
  .map((version) => `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`)
  .join(',');

interface GroupDiscoveryList {
  readonly items?: readonly {
    readonly metadata?: { readonly name?: string };
    readonly versions: readonly {
      readonly version: string;
      /** `Stale` when the aggregated API behind it does not answer: its list may be old or empty. */
      readonly freshness?: string;
      readonly resources?: readonly {
        readonly resource: string;
        readonly scope: string;
        readonly responseKind?: { readonly kind: string };
      }[];
    }[];
  }[];
}

interface Snapshot {
  readonly resources: ReadonlyMap<string, ApiResource>;
  /** apiVersions whose server did not answer. */
  readonly stale: ReadonlySet<string>;
}

/** A miss asks the server again, but not more often than this: a set with a hundred unknown kinds asks once. */
const missesTogetherMs = 200;

export class Discovery {
  private snapshot: Promise<Snapshot> | undefined;
  private readAt = 0;

  constructor(
    private readonly transport: Transport,
    private readonly cluster: string,
  ) {}

  /**
   * @returns undefined when the server says that it has no such kind
   * @throws GitOpsError ClusterUnreachable when the server of that API group does not answer
   */
  async find(apiVersion: string, kind: string, signal?: AbortSignal): Promise<ApiResource | undefined> {
    const known = (await this.current(signal)).resources.get(keyOf(apiVersion, kind));
    return known ?? this.findAgain(apiVersion, kind, signal);
  }

  /** Every `group/version` and `group/version/Kind`, in alphabetical order. */
  async apiVersions(signal?: AbortSignal): Promise<readonly string[]> {
    const { resources } = await this.current(signal);
    const kinds = [...resources.values()].flatMap(({ apiVersion, kind }) => [apiVersion, `${apiVersion}/${kind}`]);
    return [...new Set(kinds)].sort();
  }

  /** Forgets what is cached, after an answer that contradicts it. */
  invalidate(): void {
    this.snapshot = undefined;
  }

  private async findAgain(apiVersion: string, kind: string, signal?: AbortSignal): Promise<ApiResource | undefined> {
    if (performance.now() - this.readAt > missesTogetherMs) this.invalidate();
    const { resources, stale } = await this.current(signal);
    if (stale.has(apiVersion)) {
      throw new GitOpsError(
        'ClusterUnreachable',
        `cluster ${this.cluster}: the server of ${apiVersion} does not answer`,
      );
    }
    return resources.get(keyOf(apiVersion, kind));
  }

  private async current(signal?: AbortSignal): Promise<Snapshot> {
    while (this.snapshot === undefined) this.snapshot = this.load();
    signal?.throwIfAborted();
    return this.snapshot;
  }

  /** Shared by whoever waits, so that no single caller's signal ends it. */
  private load(): Promise<Snapshot> {
    this.readAt = performance.now();
    const loading = Promise.all(['/api', '/apis'].map((path) => this.read(path))).then(index);
    loading.catch(() => this.snapshot === loading && this.invalidate());
    return loading;
  }

  private async read(path: string): Promise<GroupDiscoveryList> {
    const { body } = await this.transport.send(
      { method: 'GET', path, accept },
      { verb: `read ${path}`, cluster: this.cluster },
    );
    const list = body as GroupDiscoveryList;
    if (list.items !== undefined) return list;
    throw new GitOpsError('InvalidConfig', `cluster ${this.cluster} has no aggregated discovery`, {
      hint: 'Kubernetes 1.27 or newer is needed',
    });
  }
}

function index(lists: readonly GroupDiscoveryList[]): Snapshot {
  const resources = new Map<string, ApiResource>();
  const stale = new Set<string>();
  for (const group of lists.flatMap((list) => list.items ?? [])) {
    for (const version of group.versions) {
      const name = group.metadata?.name;
      const apiVersion = name ? `${name}/${version.version}` : version.version;
      if (version.freshness === 'Stale') stale.add(apiVersion);
      for (const { resource, scope, responseKind } of version.resources ?? []) {
        if (responseKind === undefined) continue;
        const found = { apiVersion, kind: responseKind.kind, plural: resource, namespaced: scope === 'Namespaced' };
        resources.set(keyOf(apiVersion, found.kind), found);
      }
    }
  }
  return { resources, stale };
}

function keyOf(apiVersion: string, kind: string): string {
  return `${apiVersion}/${kind}`;
}

/** Folder of an API resource: `/api/v1`, `/apis/apps/v1`. */
export function apiRoot(apiVersion: string): string {
  return groupOf(apiVersion) === '' ? `/api/${apiVersion}` : `/apis/${apiVersion}`;
}
