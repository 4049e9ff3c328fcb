import { execFile } from 'node:child_process';
import { generateKeyPairSync, randomBytes, X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { GitOpsError } from '../domain/errors.js';
import { writePrivate, type ControlPlaneLayout } from './control-plane-layout.js';
import { loopback } from './free-port.js';
import { findTool } from './tools-cache.js';

/** The user that Sloth Runner is in a local cluster: the audit log tells its writes from everybody else's by it. */
export const engineUser = 'sloth-runner';
/** The user of the person who looks in, or of the test that breaks something on purpose. */
export const adminUser = 'sloth-runner-local-admin';

const masters = ['system:masters'];
const serverHosts = [loopback, 'localhost', 'kubernetes', 'kubernetes.default', 'kubernetes.default.svc'];

// etcd trusts an authority of its own: a client certificate of a cluster user must not open the database.
const requests = [
  { authority: 'kubernetes', name: 'kube-apiserver', commonName: 'kube-apiserver', hosts: serverHosts },
  { authority: 'kubernetes', name: 'admin', commonName: adminUser, organizations: masters },
  { authority: 'kubernetes', name: 'sloth-runner', commonName: engineUser },
  {
    authority: 'kubernetes',
    name: 'kube-controller-manager',
    commonName: 'system:kube-controller-manager',
  },
  { authority: 'kubernetes', name: 'kube-scheduler', commonName: 'system:kube-scheduler' },
  { authority: 'kubernetes', name: 'kwok', commonName: 'kwok', organizations: masters },
  { authority: 'etcd', name: 'etcd', commonName: 'etcd', hosts: [loopback] },
  { authority: 'etcd', name: 'etcd-client', commonName: 'kube-apiserver' },
] as const;

/** Something with a client certificate and, in `kubeconfigOf`, a kubeconfig. */
export type ClientName = 'admin' | 'sloth-runner' | 'kube-controller-manager' | 'kube-scheduler' | 'kwok';

/** PEM text of a client's certificate and key, and of the authority that signed the API server's. */
export interface ClientCredentials {
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
}

/** Bearer tokens of the two users, for clients that take no certificates. */
export interface UserTokens {
  readonly slothRunner: string;
  readonly admin: string;
}

const renewBeforeMs = 30 * 24 * 3_600_000;

/**
 * Makes all certificates, the service account key and the tokens, unless the folder has them for another 30 days.
 * Rejects with `ToolMissing` or `LocalClusterFailed`.
 */
export async function ensureIdentities(layout: ControlPlaneLayout): Promise<void> {
  if (!areCertificatesCurrent(layout)) await issueCertificates(layout);
  if (!existsSync(serviceAccountKey(layout))) writeServiceAccountKeys(layout);
  if (!existsSync(layout.tokens)) writeTokens(layout);
}

/** Reads a client's certificate and key. */
export function clientCredentials(layout: ControlPlaneLayout, client: ClientName): ClientCredentials {
  const read = (file: string): string => readFileSync(join(layout.pki, file), 'utf8');
  return { ca: read('kubernetes-ca.crt'), certificate: read(`${client}.crt`), key: read(`${client}.key`) };
}

/** Reads the tokens that `ensureIdentities` wrote. */
export function readTokens(layout: ControlPlaneLayout): UserTokens {
  const [slothRunner = '', admin = ''] = readFileSync(layout.tokens, 'utf8')
    .split('\n')
    .map((line) => line.split(',')[0] ?? '');
  return { slothRunner, admin };
}

/** The private key that signs service account tokens; its public half has `.pub` instead of `.key`. */
export function serviceAccountKey(layout: ControlPlaneLayout): string {
  return join(layout.pki, 'service-account.key');
}

function areCertificatesCurrent(layout: ControlPlaneLayout): boolean {
  const last = requests.at(-1);
  const path = join(layout.pki, `${last?.name}.crt`);
  if (!existsSync(path)) return false;
  return Date.parse(new X509Certificate(readFileSync(path, 'utf8')).validTo) - Date.now() > renewBeforeMs;
}

async function issueCertificates(layout: ControlPlaneLayout): Promise<void> {
  const running = promisify(execFile)(findTool('local-certificates'), [layout.pki]);
  running.child.stdin?.end(JSON.stringify(requests));
  await running.catch((cause: unknown) => {
    throw new GitOpsError('LocalClusterFailed', `certificates could not be made in ${layout.pki}: ${String(cause)}`, {
      cause,
    });
  });
}

function writeServiceAccountKeys(layout: ControlPlaneLayout): void {
  const path = serviceAccountKey(layout);
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  writePrivate(path.replace(/\.key$/, '.pub'), publicKey.export({ type: 'spki', format: 'pem' }).toString());
  writePrivate(path, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
}

function writeTokens(layout: ControlPlaneLayout): void {
  const token = (): string => randomBytes(32).toString('base64url');
  const lines = [`${token()},${engineUser},${engineUser}`, `${token()},${adminUser},${adminUser},"${masters.join()}"`];
  writePrivate(layout.tokens, `${lines.join('\n')}\n`);
}
