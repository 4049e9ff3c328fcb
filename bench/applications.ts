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

/** Declares an application with health checks and without auto-sync; gives its specification. */
export async function declare(client: GitOpsClient, { name, url, path, namespace }: Place): Promise<ApplicationSpec> {
  const config = { repo: url, name, path, namespace, sync_policy: { auto_prune: true } };
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
