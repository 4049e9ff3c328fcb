import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where one control plane keeps its files, all below one folder of mode 0700. */
export interface ControlPlaneLayout {
  readonly dir: string;
  /** Certificates and keys; the keys of the two authorities are not kept. */
  readonly pki: string;
  readonly logs: string;
  readonly etcd: string;
  /** For users: both contexts, credentials inside. */
  readonly kubeconfig: string;
  readonly auditLog: string;
  readonly auditPolicy: string;
  readonly tokens: string;
  readonly schedulerConfig: string;
  readonly state: string;
}

/** Names the files; creates nothing. */
export function controlPlaneLayout(dir: string): ControlPlaneLayout {
  return {
    dir,
    pki: join(dir, 'pki'),
    logs: join(dir, 'logs'),
    etcd: join(dir, 'etcd'),
    kubeconfig: join(dir, 'kubeconfig'),
    auditLog: join(dir, 'audit.log'),
    auditPolicy: join(dir, 'audit-policy.yaml'),
    tokens: join(dir, 'tokens.csv'),
    schedulerConfig: join(dir, 'scheduler.yaml'),
    state: join(dir, 'control-plane.json'),
  };
}

/** Creates the folders, mode 0700. */
export function createFolders(layout: ControlPlaneLayout): void {
  for (const folder of [layout.dir, layout.pki, layout.logs, layout.etcd]) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }
}

/** Writes a file that only its owner can read. */
export function writePrivate(path: string, content: string): void {
  writeFileSync(path, content, { mode: 0o600 });
}
