import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { componentKubeconfig } from './control-plane-config.js';
import { serviceAccountKey } from './control-plane-identities.js';
import type { ControlPlaneLayout } from './control-plane-layout.js';
import { loopback } from './free-port.js';
import type { ProcessSpec } from './process-group.js';
import { findTool, toolsFolder, type ToolName } from './tools-cache.js';

/**
 * The command lines of the five processes. Invariants:
 *
 * 1. What listens, listens on 127.0.0.1 and asks for a client certificate or a token. The controller manager, the
 *    scheduler and kwok do not listen at all.
 * 2. etcd and the API server keep their data in the layout's folder and can be started again on it.
 */

/** The processes of a control plane, in the order in which they start. */
export const partNames = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kwok'] as const;
export type PartName = (typeof partNames)[number];

/** What differs from one control plane to the next. */
export interface ControlPlaneSettings {
  readonly etcdPort: number;
  readonly etcdPeerPort: number;
  readonly serverPort: number;
  readonly serviceCidr: string;
  readonly podCidr: string;
  readonly fsync: boolean;
  readonly detached: boolean;
}

type Arguments = (layout: ControlPlaneLayout, settings: ControlPlaneSettings) => readonly string[];

const argumentsOf: Readonly<Record<PartName, Arguments>> = {
  etcd: etcdArguments,
  'kube-apiserver': apiServerArguments,
  'kube-controller-manager': controllerManagerArguments,
  'kube-scheduler': (layout) => [`--config=${layout.schedulerConfig}`, '--secure-port=0'],
  kwok: kwokArguments,
};

/** How to start one part. Throws `ToolMissing` when its program is not installed. */
export function partSpec(part: PartName, layout: ControlPlaneLayout, settings: ControlPlaneSettings): ProcessSpec {
  return {
    name: part,
    command: findTool(part satisfies ToolName),
    args: argumentsOf[part](layout, settings),
    env: { HOME: layout.dir, TMPDIR: process.env['TMPDIR'] },
    logFile: join(layout.logs, `${part}.log`),
    detached: settings.detached,
  };
}

function etcdArguments(layout: ControlPlaneLayout, settings: ControlPlaneSettings): readonly string[] {
  const [client, peer] = [settings.etcdPort, settings.etcdPeerPort].map((port) => `https://${loopback}:${port}`);
  const pki = (file: string): string => join(layout.pki, file);
  return [
    `--data-dir=${layout.etcd}`,
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=default=${peer}`,
    '--client-cert-auth',
    `--trusted-ca-file=${pki('etcd-ca.crt')}`,
    `--cert-file=${pki('etcd.crt')}`,
    `--key-file=${pki('etcd.key')}`,
    '--peer-client-cert-auth',
    `--peer-trusted-ca-file=${pki('etcd-ca.crt')}`,
    `--peer-cert-file=${pki('etcd.crt')}`,
    `--peer-key-file=${pki('etcd.key')}`,
    '--log-level=warn',
    ...(settings.fsync ? [] : ['--unsafe-no-fsync']),
  ];
}

function apiServerArguments(layout: ControlPlaneLayout, settings: ControlPlaneSettings): readonly string[] {
  const pki = (file: string): string => join(layout.pki, file);
  return [
    `--etcd-servers=https://${loopback}:${settings.etcdPort}`,
    `--etcd-cafile=${pki('etcd-ca.crt')}`,
    `--etcd-certfile=${pki('etcd-client.crt')}`,
    `--etcd-keyfile=${pki('etcd-client.key')}`,
    `--bind-address=${loopback}`,
    `--advertise-address=${loopback}`,
    `--secure-port=${settings.serverPort}`,
    `--tls-cert-file=${pki('kube-apiserver.crt')}`,
    `--tls-private-key-file=${pki('kube-apiserver.key')}`,
    `--client-ca-file=${pki('kubernetes-ca.crt')}`,
    `--token-auth-file=${layout.tokens}`,
    '--anonymous-auth=false',
    '--authorization-mode=RBAC',
    '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
    `--service-account-signing-key-file=${serviceAccountKey(layout)}`,
    `--service-account-key-file=${pki('service-account.pub')}`,
    `--service-cluster-ip-range=${settings.serviceCidr}`,
    `--audit-policy-file=${layout.auditPolicy}`,
    `--audit-log-path=${layout.auditLog}`,
    '--audit-log-maxsize=1024',
    '--allow-privileged=true',
    // No node lifecycle controller runs, so nothing would ever take the not-ready taint off again.
    '--disable-admission-plugins=TaintNodesByCondition',
    // The endpoints of the service "kubernetes" may not be a loopback address; nobody in here calls it.
    '--endpoint-reconciler-type=none',
    '--profiling=false',
  ];
}

/** kwok answers for the nodes, so whatever judges or wires real ones is off; each would only burn CPU or log errors. */
const idleControllers = [
  'node-lifecycle-controller',
  'node-ipam-controller',
  'node-route-controller',
  'cloud-node-lifecycle-controller',
  'service-lb-controller',
  'persistentvolume-attach-detach-controller',
  'ttl-controller',
];

function controllerManagerArguments(layout: ControlPlaneLayout): readonly string[] {
  return [
    `--kubeconfig=${componentKubeconfig(layout, 'kube-controller-manager')}`,
    `--controllers=*,${idleControllers.map((name) => `-${name}`).join(',')}`,
    '--use-service-account-credentials=true',
    `--service-account-private-key-file=${serviceAccountKey(layout)}`,
    `--root-ca-file=${join(layout.pki, 'kubernetes-ca.crt')}`,
    '--leader-elect=false',
    '--secure-port=0',
    // The default of 20 requests a second would be the slowest part of every test with more than a few Deployments.
    '--kube-api-qps=500',
    '--kube-api-burst=1000',
    '--profiling=false',
  ];
}

/** kwok's own stages (nodes and Pods become ready at once), then ours, which weigh more. */
function kwokArguments(layout: ControlPlaneLayout, settings: ControlPlaneSettings): readonly string[] {
  const folders = [findTool('kwok-stages'), join(toolsFolder, 'kubernetes', 'stages')];
  return [
    `--kubeconfig=${componentKubeconfig(layout, 'kwok')}`,
    '--manage-all-nodes',
    `--cidr=${settings.podCidr}`,
    `--node-ip=${loopback}`,
    // 0 turns leases off: only one kwok runs, and no controller looks at node leases.
    '--node-lease-duration-seconds=0',
    ...folders.flatMap(stageFiles).map((file) => `--config=${file}`),
  ];
}

function stageFiles(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => join(folder, name));
}
