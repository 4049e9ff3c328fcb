/**
 * Documents as clusters hold them: workloads with pod templates and conditions, claims, services, and kinds that only a
 * script can judge, in turns.
 */
import { stringify } from 'yaml';

const at = '2026-01-01T00:00:00Z';

function metadata(name: string, i: number): object {
  return {
    name: `${name}-${i}`,
    namespace: `team-${i % 7}`,
    uid: `0e1fc50c-d7c6-4646-8984-${String(i).padStart(12, '0')}`,
    resourceVersion: String(100_000 + i),
    generation: 3,
    creationTimestamp: at,
    labels: { app: name, tier: 'web', 'app.kubernetes.io/managed-by': 'sloth-runner' },
    annotations: { 'example.org/owner': 'team', 'example.org/last-applied': JSON.stringify({ app: name, n: i }) },
  };
}

function condition(type: string, status: string, reason: string): object {
  return { type, status, reason, message: `${type} is ${status} because of ${reason}`, lastTransitionTime: at };
}

const container = (i: number): object => ({
  name: 'app',
  image: `registry.example/app:1.2.${i}`,
  ports: [{ containerPort: 8080, name: 'http', protocol: 'TCP' }],
  env: ['A', 'B', 'C', 'D'].map((name) => ({ name, value: `${name}-${i}` })),
  resources: { limits: { cpu: '500m', memory: '128Mi' }, requests: { cpu: '100m', memory: '64Mi' } },
  livenessProbe: { httpGet: { path: '/healthz', port: 'http' }, periodSeconds: 10 },
});

const kinds: readonly ((i: number) => object)[] = [
  (i) => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: metadata('web', i),
    spec: {
      replicas: 3,
      selector: { matchLabels: { app: 'web' } },
      template: { metadata: { labels: { app: 'web' } }, spec: { containers: [container(i), container(i + 1)] } },
    },
    status: {
      observedGeneration: 3,
      replicas: 3,
      updatedReplicas: 3,
      readyReplicas: 3,
      availableReplicas: 3,
      conditions: [
        condition('Available', 'True', 'MinimumReplicasAvailable'),
        condition('Progressing', 'True', 'NewReplicaSetAvailable'),
      ],
    },
  }),
  (i) => ({
    apiVersion: 'cert.example.org/v1',
    kind: 'Certificate',
    metadata: metadata('tls', i),
    spec: { secretName: `tls-${i}`, dnsNames: [`a${i}.example.org`, `b${i}.example.org`] },
    status: { conditions: [condition('Issuing', 'False', 'Issued'), condition('Ready', 'True', 'Ready')] },
  }),
  (i) => ({
    apiVersion: 'db.example.org/v1',
    kind: 'Cluster',
    metadata: metadata('db', i),
    spec: { instances: 3, storage: { size: '10Gi' } },
    status: {
      observedGeneration: 3,
      members: Array.from({ length: 9 }, (_, n) => ({ name: `db-${i}-${n}`, state: 'running', ready: n < 7 })),
      conditions: [condition('Ready', 'False', 'MembersStarting'), condition('Synced', 'True', 'Synced')],
    },
  }),
  (i) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: metadata('pod', i),
    spec: { containers: [container(i)], restartPolicy: 'Always' },
    status: { phase: 'Running', conditions: [condition('Ready', 'True', 'Ready')], podIP: '10.0.0.1' },
  }),
];

export function documents(count: number): string {
  return Array.from({ length: count }, (_, i) => stringify(kinds[i % kinds.length]?.(i))).join('---\n');
}

/** Folder -> script: every kind above has one. */
export const scripts: Readonly<Record<string, string>> = {
  'apps/Deployment': conditionScript('Available'),
  'cert.example.org/Certificate': conditionScript('Ready'),
  '_.example.org/_': `
local ready, waiting = 0, {}
for _, member in ipairs(obj.status.members or {}) do
  if member.ready then ready = ready + 1 else table.insert(waiting, member.name) end
end
if #waiting > 0 then
  return { status = "Progressing", message = string.format("%d ready, waiting for %s", ready, table.concat(waiting, ", ")) }
end
return { status = "Healthy", message = ready .. " ready" }
`,
  Pod: conditionScript('Ready'),
};

function conditionScript(type: string): string {
  return `
local hs = { status = "Progressing", message = "waiting" }
if obj.status ~= nil and obj.status.conditions ~= nil then
  for i, condition in ipairs(obj.status.conditions) do
    if condition.type == "${type}" then
      hs.status = condition.status == "True" and "Healthy" or "Degraded"
      hs.message = condition.message
    end
  end
end
return hs
`;
}
