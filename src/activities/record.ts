/**
 * record: keeps how a sync ended in the artifact store, where it outlives Temporal's retention.
 */
import { putJson, type ArtifactStore } from '../adapters/artifacts/artifact-store.js';
import type { Digest, SyncRecord } from '../domain/sync.js';

export function createRecord({ artifacts }: { artifacts: ArtifactStore }) {
  return async function record({ record: finished }: { record: SyncRecord }): Promise<{ report: Digest }> {
    const report = await putJson(artifacts, finished);
    await artifacts.link(`records/${finished.app}/${finished.id}`, report);
    return { report };
  };
}
