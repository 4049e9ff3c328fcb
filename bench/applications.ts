/**
 * Applications declared straight through the client, as a script's `gitops.workflow` would in the end.
 */
import { applicationSpec, type ApplicationSpec, type GitOpsClient, type SyncRecord } from '../src/client/index.js';

export interface Place {
  readonly name: string;
  readonly url: string;
  readonly path: string;
  readonly namespace: string;
}

export type Config = Parameters<typeof applicationSpec>[0];

export const applicationName = (i: number): string => `app-${String(i).padStart(4, '0')}`;

/**
 * Declares an application with pruning and health checks, and without auto-sync unless `more` says so.
 * @returns its specification
 */
export async function declare(
  client: GitOpsClient,
  place: Place,
  more: Partial<Config> = {},
): Promise<ApplicationSpec> {
  const { name, url, path, namespace } = place;
  const config = { repo: url, name, path, namespace, sync_policy: { auto_prune: true }, ...more };
  const spec = applicationSpec(config, { url }, new Date().toISOString());
  await client.declare(spec);
  return spec;
}

/** @throws when the sync does not end well: a bench of failures would be worthless */
export async function syncNow(client: GitOpsClient, app: string): Promise<SyncRecord> {
  const record = await client.wait(await client.sync(app, { who: 'bench' }));
  if (record.status === 'succeeded' && record.health === 'Healthy') return record;
  throw new Error(`${record.id} of ${app} ${record.status}, ${record.health}: ${record.message}`);
}
