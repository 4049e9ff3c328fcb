/**
 * The artifact store that the configuration names: a bucket, else the folder of the home.
 */
import type { ResolveSecret } from '../secrets/resolve-secret.js';
import type { ArtifactStore } from './artifact-store.js';
import { FolderStore } from './folder-store.js';
import { S3Objects, type S3Credentials, type S3Settings } from './s3-objects.js';
import { S3Store } from './s3-store.js';

/** With references to the keys; without them the SDK looks for credentials itself. */
export interface S3Config extends S3Settings {
  readonly accessKey?: string;
  readonly secretKey?: string;
  readonly sessionToken?: string;
}

export interface ArtifactsConfig {
  readonly home: string;
  readonly artifacts?: { readonly s3: S3Config } | undefined;
}

export function openArtifacts({ home, artifacts }: ArtifactsConfig, resolveSecret: ResolveSecret): ArtifactStore {
  if (artifacts === undefined) return new FolderStore(home);
  return new S3Store(new S3Objects(artifacts.s3, credentialsOf(artifacts.s3, resolveSecret)));
}

function credentialsOf(
  { accessKey, secretKey, sessionToken }: S3Config,
  resolveSecret: ResolveSecret,
): (() => Promise<S3Credentials>) | undefined {
  if (accessKey === undefined || secretKey === undefined) return undefined;
  return async () => ({
    accessKeyId: await resolveSecret(accessKey),
    secretAccessKey: await resolveSecret(secretKey),
    ...(sessionToken === undefined ? {} : { sessionToken: await resolveSecret(sessionToken) }),
  });
}

/** Asks for what a sync asks for: stores a few bytes, and reads them back. @returns where, in words */
export async function tryArtifacts(store: ArtifactStore, config: ArtifactsConfig): Promise<string> {
  const bytes = new TextEncoder().encode('sloth-runner doctor\n');
  const digest = await store.put(bytes);
  await store.get(digest);
  if (config.artifacts === undefined) return `${config.home}/artifacts`;
  const { bucket, prefix, endpoint } = config.artifacts.s3;
  return `s3://${bucket}/${prefix}${endpoint === undefined ? '' : ` at ${endpoint}`}`;
}
