/**
 * One look at every application of a cluster: metadata of the managed objects, listed once for all of them, and a
 * comparison only where something moved. An application hears of it only when it does not know yet.
 */
import pLimit from 'p-limit';
import type { ArtifactStore } from '../adapters/artifacts/artifact-store.js';
import type { ClusterRegistry } from '../adapters/cluster/cluster.js';
import type { WatchedApplication } from '../client/drift-watch.js';
import type { GitOpsClient } from '../client/gitops-client.js';
import { newsOf, type Baseline } from '../domain/drift/baseline.js';
import { semanticallyEqual } from '../domain/diff/semantic-equality.js';
import { GitOpsError } from '../domain/errors.js';
import { redact } from '../domain/redaction.js';
import type { DriftSweepInput } from '../workflows/messages.js';
import type { DriftSweepResult } from '../workflows/drift-sweep.js';
import { look, type LookContext, type Watched } from './drift-look.js';
import { readAccepted, readBaseline, rememberBaseline } from './drift-memory.js';
import { withHeartbeat } from './heartbeat.js';
import { ManagedMetadata } from './managed-metadata.js';

export interface DriftDependencies {
  readonly artifacts: ArtifactStore;
  readonly clusters: ClusterRegistry;
  readonly client: GitOpsClient;
  readonly now: () => number;
}

/** Applications compared at a time; each has 16 requests under way. */
const atATime = 2;
const shown = 20;

interface Sweep extends LookContext {
  readonly deps: DriftDependencies;
  /** Auto-sync stands still for all: drift is told, and not corrected. */
  readonly stoppedForAll: boolean;
}

type Outcome = { readonly name: string; readonly baseline: Baseline; readonly compared: boolean } | { unknown: string };

export function createSweepDrift(deps: DriftDependencies) {
  return function sweepDrift({ cluster: name, app }: DriftSweepInput): Promise<DriftSweepResult> {
    return withHeartbeat(async ({ signal }) => {
      const applications = await deps.client.drift.applications(name, app);
      const watched = await withMemory(applications, deps.artifacts);
      if (watched.length === 0) return resultOf([], []);
      const cluster = await deps.clusters.get(name);
      const metadata = new ManagedMetadata(cluster, signal);
      const { artifacts } = deps;
      const sweep: Sweep = {
        deps,
        artifacts,
        cluster,
        metadata,
        signal,
        stoppedForAll: await deps.client.autoSync.isStopped(),
      };
      await metadata.list(watched.flatMap((w) => (w.baseline?.objects ?? []).map((o) => o.reference)));
      const limit = pLimit(atATime);
      const outcomes = await Promise.all(watched.map((w) => limit(() => lookAt(w, sweep))));
      return resultOf(outcomes, metadata.failures);
    });
  };
}

/** Read before anything is listed: of a sync that ends in between, the application knows better than we do. */
async function withMemory(applications: readonly WatchedApplication[], artifacts: ArtifactStore): Promise<Watched[]> {
  const limit = pLimit(16);
  const read = async ({ id, target }: WatchedApplication): Promise<Watched | undefined> => {
    const accepted = await readAccepted(artifacts, id);
    if (accepted === undefined || !semanticallyEqual(accepted.destination, target.destination)) return undefined;
    return { target, accepted, baseline: await readBaseline(artifacts, id) };
  };
  const all = await Promise.all(applications.map((application) => limit(() => read(application))));
  return all.filter((watched) => watched !== undefined);
}

async function lookAt(watched: Watched, sweep: Sweep): Promise<Outcome> {
  const { appName: name } = watched.target;
  try {
    const { baseline: seen, compared } = await look(watched, sweep);
    const baseline = withStop(seen, sweep.stoppedForAll);
    await tell(watched, baseline, sweep);
    return { name, baseline, compared };
  } catch (error) {
    if (!(error instanceof GitOpsError)) throw error;
    return { unknown: redact(`${name}: ${error.message.split('\n')[0]}`).slice(0, 200) };
  }
}

function withStop({ stoppedForAll: _before, ...baseline }: Baseline, stoppedForAll: boolean): Baseline {
  return stoppedForAll && baseline.drift !== undefined ? { ...baseline, stoppedForAll } : baseline;
}

/** First told, then remembered: what could not be told is told by the next sweep. */
async function tell(
  { target, baseline: before }: Watched,
  baseline: Baseline,
  { deps, artifacts }: Sweep,
): Promise<void> {
  const { confirmed, drift, stoppedForAll } = baseline;
  const news = newsOf(before, baseline);
  const at = new Date(deps.now()).toISOString();
  if (news === 'drifted' && drift !== undefined)
    await deps.client.drift.observed(target.app, {
      confirmed,
      at,
      ...drift,
      ...(stoppedForAll ? { stoppedForAll } : {}),
    });
  if (news === 'over') await deps.client.drift.over(target.app, { confirmed });
  if (!semanticallyEqual(before, baseline)) await rememberBaseline(artifacts, target.app, baseline);
}

function resultOf(outcomes: readonly Outcome[], failures: readonly string[]): DriftSweepResult {
  const looks = outcomes.flatMap((o) => ('baseline' in o ? [o] : []));
  const unknown = [...failures, ...outcomes.flatMap((o) => ('unknown' in o ? [o.unknown] : []))];
  const drifted = looks.flatMap(({ name, baseline: { drift } }) => (drift === undefined ? [] : [{ name, ...drift }]));
  return {
    applications: outcomes.length,
    compared: looks.filter((l) => l.compared).length,
    drifted: drifted.slice(0, shown),
    unknown: unknown.slice(0, shown),
  };
}
