import type { ArtifactStore } from '../adapters/artifacts/artifact-store.js';
import type { ClusterRegistry } from '../adapters/cluster/cluster.js';
import type { CheckTools } from './external-checks.js';
import type { CustomHealth } from '../domain/health/status.js';

/** What every activity that speaks to a cluster is given. */
export interface ClusterDependencies {
  readonly clusters: ClusterRegistry;
  readonly artifacts: ArtifactStore;
  /** Rules of the operator's own, which beat the built-in ones. */
  readonly customHealth?: CustomHealth | undefined;
  /** For checks beyond objects; workers have them. */
  readonly checkTools?: CheckTools | undefined;
  /** Wall clock, ms since 1970. */
  readonly now: () => number;
}
