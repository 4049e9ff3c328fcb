/**
 * How the objects of an application are now: what its inventory names, read once and judged, without waiting.
 */
import { putJson } from '../adapters/artifacts/artifact-store.js';
import type { Cluster } from '../adapters/cluster/cluster.js';
import { hasCode } from '../domain/errors.js';
import { liveHealthReport, type JudgedObject } from '../domain/health/live.js';
import { healthOf } from '../domain/health/rules.js';
import { missing, type CustomHealth, type Verdict } from '../domain/health/status.js';
import { wantedReplicas } from '../domain/health/workloads.js';
import { optionsOf } from '../domain/object-options.js';
import { keyOf, referenceOf, tracking, type KubernetesObject, type ObjectReference } from '../domain/object.js';
import type { LiveHealthInput, LiveHealthResult } from '../domain/sync.js';
import { bounded } from './bounded.js';
import type { ClusterDependencies } from './cluster-dependencies.js';
import { withHeartbeat } from './heartbeat.js';
import { InventoryStore } from './inventory-store.js';
import { LiveObjects } from './live-objects.js';
import { PodIndex } from './pod-index.js';

/** @throws GitOpsError when the cluster cannot be read */
export function createLiveHealth({
  clusters,
  artifacts,
  customHealth,
}: ClusterDependencies): (input: LiveHealthInput) => Promise<LiveHealthResult> {
  return ({ target }) =>
    withHeartbeat(async ({ signal }) => {
      const { cluster: name, namespace } = target.destination;
      const cluster = await clusters.get(name);
      const places = [...(namespace === undefined ? [] : [namespace]), tracking.systemNamespace];
      const { inventory } = await new InventoryStore(cluster, target.app, signal).find(places);
      const judged = await new Judge(cluster, customHealth, signal).judge([...inventory.objects.values()]);
      const report = liveHealthReport(judged);
      const { status, healthy, total } = report;
      return { status, healthy, total, report: await putJson(artifacts, report) };
    });
}

interface Found {
  readonly reference: ObjectReference;
  readonly live: KubernetesObject | undefined;
}

class Judge {
  private readonly pods = new PodIndex();

  constructor(
    private readonly cluster: Cluster,
    private readonly custom: CustomHealth | undefined,
    private readonly signal: AbortSignal,
  ) {}

  async judge(references: readonly ObjectReference[]): Promise<JudgedObject[]> {
    const live = await LiveObjects.prepare(this.cluster, references, this.signal);
    const found: Found[] = [];
    await bounded(references, async (reference) => {
      found.push({ reference, live: await live.find(reference) });
    });
    await this.readPods(found.filter((f) => this.verdictOf(f).status !== 'Healthy'));
    return found.map((one) => ({
      reference: one.reference,
      verdict: this.verdictOf(one),
      ignored: one.live !== undefined && optionsOf(one.live).healthIgnored,
    }));
  }

  private verdictOf({ live }: Found): Verdict {
    if (live === undefined) return missing('it does not exist');
    return healthOf(live, this.pods.relatedTo(live.metadata.uid ?? ''), this.custom);
  }

  /** The pods behind workloads that are not well, to say why. */
  private async readPods(unwell: readonly Found[]): Promise<void> {
    const workloads = unwell.filter(({ live }) => live !== undefined && (wantedReplicas(live) ?? 0) > 0);
    const namespaces = new Set(workloads.map(({ reference }) => reference.namespace ?? ''));
    for (const namespace of namespaces) {
      await this.index({ apiVersion: 'apps/v1', kind: 'ReplicaSet', namespace });
      await this.index({ apiVersion: 'v1', kind: 'Pod', namespace });
    }
  }

  private async index(selection: Parameters<Cluster['list']>[0]): Promise<void> {
    try {
      const { items } = await this.cluster.list(selection, { signal: this.signal });
      for (const item of items) this.pods.changed(keyOf(referenceOf(item)), item);
    } catch (error) {
      if (!hasCode(error, 'Forbidden')) throw error; // the workload's own status has to do
    }
  }
}
