import type { ClusterDependencies } from './cluster-dependencies.js';
import type { HealthCheckInput, HealthCheckResult } from '../domain/sync.js';

export function createHealthCheck(_deps: ClusterDependencies): (input: HealthCheckInput) => Promise<HealthCheckResult> {
  throw new Error('being written');
}
