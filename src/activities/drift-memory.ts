/**
 * What is remembered about drift in the artifact store: of each application the set that should be live
 * (`accepted/<app>`, written with each record) and the baseline of the last look (`baselines/<app>`).
 */
import { getJson, putJson, type ArtifactStore } from '../adapters/artifacts/artifact-store.js';
import type { AcceptedSet } from '../domain/drift/accepted-set.js';
import type { Baseline } from '../domain/drift/baseline.js';
import { hasCode } from '../domain/errors.js';

/** @param accepted null when nobody can say what should be live */
export async function rememberAccepted(
  artifacts: ArtifactStore,
  app: string,
  accepted: AcceptedSet | null,
): Promise<void> {
  await artifacts.link(`accepted/${app}`, await putJson(artifacts, accepted));
}

export async function readAccepted(artifacts: ArtifactStore, app: string): Promise<AcceptedSet | undefined> {
  const digest = await artifacts.resolve(`accepted/${app}`);
  return digest === undefined ? undefined : ((await getJson<AcceptedSet | null>(artifacts, digest)) ?? undefined);
}

export async function rememberBaseline(artifacts: ArtifactStore, app: string, baseline: Baseline): Promise<void> {
  await artifacts.link(`baselines/${app}`, await putJson(artifacts, baseline));
}

/** A baseline that was lost or damaged is taken anew. */
export async function readBaseline(artifacts: ArtifactStore, app: string): Promise<Baseline | undefined> {
  const digest = await artifacts.resolve(`baselines/${app}`);
  try {
    return digest === undefined ? undefined : await getJson<Baseline>(artifacts, digest);
  } catch (error) {
    if (hasCode(error, 'ArtifactMissing') || hasCode(error, 'ArtifactDamaged')) return undefined;
    throw error;
  }
}
