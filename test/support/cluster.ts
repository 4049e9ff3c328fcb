/**
 * The control plane of this test run, seen by a witness: kubectl under another user than the engine's, and the API
 * server's own audit log.
 */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { attachControlPlane, type ControlPlane } from '../../src/local/control-plane.js';
import { findOrInstallTool } from '../../src/local/tools-cache.js';
import { eventually } from './eventually.js';

const run = promisify(execFile);

export async function testCluster(): Promise<ControlPlane> {
  return eventually(() => attachControlPlane(process.env['SLOTH_TEST_CLUSTER'] ?? ''), 30_000); // a busy one is slow
}

/** kubectl as the administrator. */
export async function kubectl(...args: string[]): Promise<string> {
  const { kubeconfig, adminContext } = await testCluster();
  const tool = await findOrInstallTool('kubectl');
  const { stdout } = await run(tool, ['--kubeconfig', kubeconfig, '--context', adminContext, ...args], {
    maxBuffer: 64 << 20,
  });
  return stdout;
}

/** `kubectl create -f -` */
export async function kubectlCreate(object: object): Promise<void> {
  const { kubeconfig, adminContext } = await testCluster();
  const child = run(await findOrInstallTool('kubectl'), [
    '--kubeconfig',
    kubeconfig,
    '--context',
    adminContext,
    'create',
    '-f',
    '-',
  ]);
  child.child.stdin?.end(JSON.stringify(object));
  await child;
}

export async function kubectlJson<T = { items: KubernetesItem[] }>(...args: string[]): Promise<T> {
  return JSON.parse(await kubectl(...args, '-o', 'json')) as T;
}

export interface KubernetesItem {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly annotations?: Record<string, string>;
    readonly resourceVersion: string;
  };
  readonly [field: string]: unknown;
}

/** A namespace of its own for a test; the name says whose it is. */
export async function freshNamespace(prefix: string): Promise<string> {
  const name = `${prefix}-${Math.random().toString(36).slice(2, 8)}`;
  await kubectl('create', 'namespace', name);
  return name;
}

export interface AuditEvent {
  readonly verb: string;
  readonly requestURI: string;
  readonly user: { readonly username: string };
  readonly userAgent?: string;
  readonly objectRef?: { readonly resource: string; readonly namespace?: string; readonly name?: string };
  readonly responseStatus?: { readonly code: number };
  readonly requestReceivedTimestamp: string;
  readonly stageTimestamp: string;
}

/** Every finished request in the audit log so far. */
export async function auditEvents(): Promise<AuditEvent[]> {
  const { auditLog } = await testCluster();
  const lines = readFileSync(auditLog, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as AuditEvent);
}

const writing = new Set(['create', 'update', 'patch', 'delete', 'deletecollection']);

/** The engine's writes that changed something: no dry runs, only this namespace, only after `since` events. */
export async function engineWrites(namespace: string, since = 0): Promise<AuditEvent[]> {
  const events = (await auditEvents()).slice(since);
  return events.filter(
    (event) =>
      event.user.username === 'sloth-runner' &&
      writing.has(event.verb) &&
      !event.requestURI.includes('dryRun=All') &&
      event.objectRef?.namespace === namespace,
  );
}
