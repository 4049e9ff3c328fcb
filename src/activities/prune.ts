import type { ClusterDependencies } from './cluster-dependencies.js';
import type { PruneInput, PruneResult } from '../domain/sync.js';

export function createPrune(_deps: ClusterDependencies): (input: PruneInput) => Promise<PruneResult> {
  throw new Error('being written');
}
