/**
 * An API server that refuses writes: a real ValidatingAdmissionPolicy, in force when `refuseWrites` resolves. It may
 * let dry runs pass, as an admission webhook without side effects in mind does.
 */
import { eventually } from './eventually.js';
import { kubectl, kubectlCreate } from './cluster.js';

export interface RefusedWrites {
  readonly namespace: string;
  /** CEL over `request`, `object`, `oldObject`: true for writes to refuse. */
  readonly refuse: string;
  readonly operations?: readonly ('CREATE' | 'UPDATE' | 'DELETE')[];
  readonly message: string;
  /** Dry runs are refused as well. */
  readonly dryRunToo?: boolean;
}

const canary = 'admission-canary';

/** @returns lifts it again, and resolves when it is no longer in force */
export async function refuseWrites(refused: RefusedWrites): Promise<() => Promise<void>> {
  const { namespace, message } = refused;
  const name = `refuse-${namespace}-${Math.random().toString(36).slice(2, 8)}`;
  for (const object of policy(name, refused)) await kubectlCreate(object);
  await eventually(async () => ((await isRefused(namespace, message)) ? true : undefined));
  return async () => {
    await kubectl('delete', 'validatingadmissionpolicybinding,validatingadmissionpolicy', name);
    await eventually(async () => ((await isRefused(namespace, message)) ? undefined : true));
  };
}

function policy(
  name: string,
  { namespace, refuse, operations = ['CREATE', 'UPDATE'], message, dryRunToo }: RefusedWrites,
): object[] {
  const passes = dryRunToo ? 'false' : 'request.?dryRun.orValue(false)';
  const expression = `${passes} || !((request.operation == "CREATE" && request.name == "${canary}") || (${refuse}))`;
  const resourceRules = [
    { apiGroups: ['*'], apiVersions: ['*'], operations: [...new Set(['CREATE', ...operations])], resources: ['*'] },
  ];
  const namespaceSelector = { matchLabels: { 'kubernetes.io/metadata.name': namespace } };
  return [
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicy',
      metadata: { name },
      spec: {
        failurePolicy: 'Fail',
        matchConstraints: { resourceRules, namespaceSelector },
        validations: [{ expression, message }],
      },
    },
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata: { name },
      spec: { policyName: name, validationActions: ['Deny'] },
    },
  ];
}

async function isRefused(namespace: string, message: string): Promise<boolean> {
  try {
    await kubectl('create', 'configmap', canary, '-n', namespace);
  } catch (error) {
    return String(error).includes(message);
  }
  await kubectl('delete', 'configmap', canary, '-n', namespace);
  return false;
}
