import type { ClusterDependencies } from './cluster-dependencies.js';
import type { BackupInput, BackupResult } from '../domain/sync.js';

export function createBackup(_deps: ClusterDependencies): (input: BackupInput) => Promise<BackupResult> {
  throw new Error('being written');
}
