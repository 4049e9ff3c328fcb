import type { ClusterDependencies } from './cluster-dependencies.js';
import type { ApplyInput, ApplyResult } from '../domain/sync.js';

export function createApply(_deps: ClusterDependencies): (input: ApplyInput) => Promise<ApplyResult> {
  throw new Error('being written');
}
