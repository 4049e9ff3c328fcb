/**
 * A connection to Temporal, found as Temporal's own tools find it: `TEMPORAL_*` variables and the profile in
 * `temporal.toml`.
 */
import { homedir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import type { ArtifactStore } from '../adapters/artifacts/artifact-store.js';
import { FolderStore } from '../adapters/artifacts/folder-store.js';
import { GitOpsError } from '../domain/errors.js';
import { GitOpsClient } from './gitops-client.js';
import { connectionOptions } from './temporal-options.js';

export interface ConnectOptions {
  /** `host:port`; wins over the environment and the profile. */
  readonly address?: string;
  readonly namespace?: string;
  /** A server of ours on loopback, see temporal-options.ts. */
  readonly local?: boolean;
  /** Where reports lie; the store the workers use. By default the folder of SLOTH_HOME, else of ~/.sloth-runner. */
  readonly artifacts?: ArtifactStore;
  /** How often a cluster is looked at for drift, in ms; null for never. Default 3 minutes. */
  readonly driftIntervalMs?: number | null;
  /** How long to try, in ms. */
  readonly timeoutMs?: number;
}

/**
 * A client for the engine behind that Temporal. Close it with `client.close()`.
 * @throws GitOpsError TemporalUnavailable
 */
export async function connect(options: ConnectOptions = {}): Promise<GitOpsClient> {
  const address = options.address ?? process.env['TEMPORAL_ADDRESS'] ?? 'localhost:7233';
  try {
    const connection = await Connection.connect({
      ...connectionOptions({ address, ...(options.local === undefined ? {} : { local: options.local }) }),
      connectTimeout: options.timeoutMs ?? 5000,
    });
    const namespace = options.namespace ?? 'default';
    return new GitOpsClient(new Client({ connection, namespace }), options.artifacts ?? usualStore(), options);
  } catch (error) {
    throw new GitOpsError('TemporalUnavailable', `no Temporal answers at ${address}`, {
      hint: 'start one with: sloth-runner server --dev; or set TEMPORAL_ADDRESS',
      cause: error,
    });
  }
}

function usualStore(): ArtifactStore {
  return new FolderStore(process.env['SLOTH_HOME'] ?? join(homedir(), '.sloth-runner'));
}
