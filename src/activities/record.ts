/**
 * record: keeps how a sync ended, and what should be live since, in the artifact store, where it outlives Temporal's
 * retention.
 */
import { putJson, type ArtifactStore } from '../adapters/artifacts/artifact-store.js';
import type { Digest } from '../domain/digest.js';
import type { RecordInput } from '../domain/sync.js';
import { rememberAccepted } from './drift-memory.js';
import { countSync } from './sync-metrics.js';

export function createRecord({ artifacts }: { artifacts: ArtifactStore }) {
  return async function record({ record: finished, accepted }: RecordInput): Promise<{ report: Digest }> {
    const report = await putJson(artifacts, finished);
    await Promise.all([
      artifacts.link(`records/${finished.app}/${finished.id}`, report),
      accepted === undefined ? undefined : rememberAccepted(artifacts, finished.app, accepted),
    ]);
    countSync(finished);
    return { report };
  };
}
