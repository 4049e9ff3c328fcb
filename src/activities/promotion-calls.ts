/**
 * What a promotion asks of the world: how an environment stands, how healthy it is, and one measurement of a check. Its
 * syncs and rollbacks are the calls of `application-calls.ts`.
 */
import { getJson } from '../adapters/artifacts/artifact-store.js';
import type { GitOpsClient } from '../client/gitops-client.js';
import type { StartPromotion } from '../client/promotions.js';
import { GitOpsError } from '../domain/errors.js';
import type { ExternalCheck, Measurement } from '../domain/health/external-checks.js';
import type { LiveHealthReport } from '../domain/health/live.js';
import { tracking, type KubernetesObject } from '../domain/object.js';
import type { Look } from '../domain/promotion/hold.js';
import type { StageFacts } from '../domain/promotion/promotion.js';
import { isOver, type PromotionRecord } from '../domain/promotion/record.js';
import { redact } from '../domain/redaction.js';
import { targetOf, type Target } from '../domain/target.js';
import { bounded } from './bounded.js';
import type { ClusterDependencies } from './cluster-dependencies.js';
import { Measuring } from './external-checks.js';
import { withHeartbeat } from './heartbeat.js';
import { InventoryStore } from './inventory-store.js';
import { createLiveHealth } from './live-health.js';
import { LiveObjects } from './live-objects.js';

const messageLength = 500;

export function createPromotionCalls(deps: ClusterDependencies & { client: GitOpsClient }) {
  const { client, artifacts, checkTools } = deps;
  const liveHealth = createLiveHealth(deps);
  return {
    readStage: ({ app }: { app: string }): Promise<StageFacts> => readStage(client, app),

    lookAtStage: async ({ app, target }: { app: string; target: Target }): Promise<Omit<Look, 'at'>> => {
      const { revision } = await client.status(app);
      const { status, report } = await liveHealth({ target });
      const { objects } = await getJson<LiveHealthReport>(artifacts, report);
      const worst = objects.find((object) => object.status === status);
      const message = worst === undefined ? '' : `${worst.kind}/${worst.name}: ${worst.message}`;
      const stands = revision === undefined ? {} : { revision };
      return { health: status, message: redact(message).slice(0, messageLength), ...stands };
    },

    measureCheck: ({ check, target }: { check: ExternalCheck; target: Target }): Promise<Measurement> =>
      withHeartbeat(async ({ signal }) => {
        if (checkTools === undefined) throw new GitOpsError('Internal', 'this worker cannot carry out health checks');
        const objects = (): Promise<readonly KubernetesObject[]> => objectsOf(deps, target, signal);
        const { outcome, message } = await new Measuring({ objects, signal }, checkTools).measure(check);
        return { outcome, message: redact(message).slice(0, messageLength) };
      }),

    openPromotions: ({ name, number }: { name: string; number: number }): Promise<string[]> =>
      client.promotions.openBefore(name, number),

    startPromotion: (request: StartPromotion): Promise<PromotionRecord> => client.promotions.start(request),

    /** Undefined while it has not ended. */
    findPromotion: async ({ id }: { id: string }): Promise<PromotionRecord | undefined> => {
      const record = await client.promotions.get(id);
      return isOver(record) ? record : undefined;
    },
  };
}

async function readStage(client: GitOpsClient, app: string): Promise<StageFacts> {
  const { spec, status, revision, lastSync } = await client.status(app);
  const healthy = await client.healthySets(app);
  return {
    id: spec.id,
    name: spec.name,
    ...(spec.environment === undefined ? {} : { environment: spec.environment }),
    repository: spec.source.url,
    ...(spec.further === undefined ? {} : { further: true as const }),
    autoSync: spec.autoSync,
    status,
    ...(lastSync === undefined ? {} : { message: `${lastSync.id} ${lastSync.status}: ${lastSync.message}` }),
    ...(revision === undefined ? {} : { revision }),
    healthy: healthy.map(({ sync, revision: commit, manifests }) => ({ sync, revision: commit, manifests })),
    target: targetOf(spec),
    retry: spec.retry,
  };
}

async function objectsOf(
  { clusters }: ClusterDependencies,
  target: Target,
  signal: AbortSignal,
): Promise<readonly KubernetesObject[]> {
  const { cluster: name, namespace } = target.destination;
  const cluster = await clusters.get(name);
  const places = [...(namespace === undefined ? [] : [namespace]), tracking.systemNamespace];
  const { inventory } = await new InventoryStore(cluster, target.app, signal).find(places);
  const references = [...inventory.objects.values()];
  const live = await LiveObjects.prepare(cluster, references, signal);
  const found = await bounded(references, (reference) => live.find(reference));
  return found.filter((object) => object !== undefined);
}
