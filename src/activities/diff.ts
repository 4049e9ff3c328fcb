import type { ClusterDependencies } from './cluster-dependencies.js';
import type { DiffInput, DiffResult } from '../domain/sync.js';

export function createDiff(_deps: ClusterDependencies): (input: DiffInput) => Promise<DiffResult> {
  throw new Error('being written');
}
