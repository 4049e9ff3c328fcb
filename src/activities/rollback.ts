import type { ClusterDependencies } from './cluster-dependencies.js';
import type { RollbackInput, RollbackResult } from '../domain/sync.js';

export function createRollback(_deps: ClusterDependencies): (input: RollbackInput) => Promise<RollbackResult> {
  throw new Error('being written');
}
