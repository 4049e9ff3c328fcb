import { join } from 'node:path';
import { stringify } from 'yaml';
import { clientCredentials, type ClientName } from './control-plane-identities.js';
import { writePrivate, type ControlPlaneLayout } from './control-plane-layout.js';

/** The context in which Sloth Runner works on a local cluster. */
export const engineContext = 'sloth-runner-local';
/** The context with all rights under another name, for people and for tests that meddle. */
export const adminContext = 'sloth-runner-local-admin';

const contexts: Readonly<Record<string, ClientName>> = {
  [engineContext]: 'sloth-runner',
  [adminContext]: 'admin',
};

const components: readonly ClientName[] = ['kube-controller-manager', 'kube-scheduler', 'kwok'];

/** Writes the users' kubeconfig, one per component, the audit policy and the scheduler's configuration. */
export function writeConfiguration(layout: ControlPlaneLayout, serverUrl: string): void {
  writePrivate(layout.kubeconfig, kubeconfig(layout, serverUrl, contexts, engineContext));
  for (const name of components) {
    writePrivate(componentKubeconfig(layout, name), kubeconfig(layout, serverUrl, { [name]: name }, name));
  }
  writePrivate(layout.auditPolicy, stringify(auditPolicy));
  writePrivate(layout.schedulerConfig, stringify(schedulerConfiguration(layout)));
}

/** Path of the kubeconfig that one component of the control plane uses. */
export function componentKubeconfig(layout: ControlPlaneLayout, name: ClientName): string {
  return join(layout.pki, `${name}.kubeconfig`);
}

function kubeconfig(
  layout: ControlPlaneLayout,
  server: string,
  users: Readonly<Record<string, ClientName>>,
  current: string,
): string {
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  const cluster = 'sloth-runner-local';
  const entries = Object.entries(users).map(([context, client]) => ({
    context,
    client,
    ...clientCredentials(layout, client),
  }));
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': current,
    clusters: [{ name: cluster, cluster: { server, 'certificate-authority-data': base64(entries[0]?.ca ?? '') } }],
    contexts: entries.map(({ context, client }) => ({ name: context, context: { cluster, user: client } })),
    users: entries.map(({ client, certificate, key }) => ({
      name: client,
      user: { 'client-certificate-data': base64(certificate), 'client-key-data': base64(key) },
    })),
  });
}

/**
 * Who did what: every request of a user, and every write of a controller. Left out are the API server's talk with
 * itself, reads by the other parts, leases and events: hundreds of lines that name nobody's act.
 */
const auditPolicy = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['RequestReceived', 'ResponseStarted'],
  rules: [
    { level: 'None', users: ['system:apiserver'] },
    {
      level: 'None',
      users: ['kwok', 'system:kube-controller-manager', 'system:kube-scheduler'],
      verbs: ['get', 'list', 'watch'],
    },
    { level: 'None', userGroups: ['system:serviceaccounts:kube-system'], verbs: ['get', 'list', 'watch'] },
    {
      level: 'None',
      resources: [
        { group: 'coordination.k8s.io', resources: ['leases'] },
        { group: '', resources: ['events'] },
        { group: 'events.k8s.io', resources: ['events'] },
      ],
    },
    { level: 'Metadata' },
  ],
};

function schedulerConfiguration(layout: ControlPlaneLayout): object {
  return {
    apiVersion: 'kubescheduler.config.k8s.io/v1',
    kind: 'KubeSchedulerConfiguration',
    clientConnection: { kubeconfig: componentKubeconfig(layout, 'kube-scheduler'), qps: 500, burst: 1000 },
    leaderElection: { leaderElect: false },
    enableProfiling: false,
  };
}
