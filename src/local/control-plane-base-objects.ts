import { GitOpsError } from '../domain/errors.js';
import { apiRequest, type ApiServer } from './api-request.js';
import { engineUser } from './control-plane-identities.js';

const nodeName = 'kwok-node-0';

/** What a new cluster needs before anybody can work in it: rights for the engine's user, and a node. */
const baseObjects: readonly { readonly collection: string; readonly object: object }[] = [
  {
    collection: '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings',
    object: {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: 'sloth-runner-local' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: engineUser }],
    },
  },
  {
    collection: '/api/v1/nodes',
    object: {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: {
        name: nodeName,
        annotations: { 'kwok.x-k8s.io/node': 'fake' },
        labels: {
          'kubernetes.io/hostname': nodeName,
          'kubernetes.io/os': 'linux',
          'kubernetes.io/arch': 'amd64',
          'node-role.kubernetes.io/agent': '',
          type: 'kwok',
        },
      },
    },
  },
];

/** Creates them; those of an earlier start stay as they are. Rejects with `LocalClusterFailed` when one is refused. */
export async function createBaseObjects(server: ApiServer): Promise<void> {
  for (const { collection, object } of baseObjects) {
    const { status, body } = await apiRequest(server, 'POST', collection, object);
    if (status !== 201 && status !== 409) {
      throw new GitOpsError('LocalClusterFailed', `POST ${collection} answered ${status}: ${JSON.stringify(body)}`);
    }
  }
}

interface Conditional {
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

/**
 * True when a Pod could be created and would run: the node is ready (kwok works), and the controllers have given the
 * default namespace its service account and its authority (they work).
 */
export async function isBaseReady(server: ApiServer): Promise<boolean> {
  const [node, account, authority] = await Promise.all([
    apiRequest(server, 'GET', `/api/v1/nodes/${nodeName}`),
    apiRequest(server, 'GET', '/api/v1/namespaces/default/serviceaccounts/default'),
    apiRequest(server, 'GET', '/api/v1/namespaces/default/configmaps/kube-root-ca.crt'),
  ]);
  const conditions = (node.body as Conditional).status?.conditions ?? [];
  const nodeReady = conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
  return nodeReady && account.status === 200 && authority.status === 200;
}
