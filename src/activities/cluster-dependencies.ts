import type { ArtifactStore } from '../adapters/artifacts/artifact-store.js';
import type { ClusterRegistry } from '../adapters/cluster/cluster.js';

/** What every activity that speaks to a cluster is given. */
export interface ClusterDependencies {
  readonly clusters: ClusterRegistry;
  readonly artifacts: ArtifactStore;
  /** Wall clock, ms since 1970. */
  readonly now: () => number;
}
