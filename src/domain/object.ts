/**
 * Kubernetes objects as plain data, and the names by which we speak of them.
 */

/** A JSON object of the Kubernetes API, as rendered or as read. */
export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMetadata;
  [field: string]: unknown;
}

export interface ObjectMetadata {
  name: string;
  namespace?: string;
  uid?: string;
  resourceVersion?: string;
  generation?: number;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: { apiVersion: string; kind: string; name: string; uid: string; controller?: boolean }[];
  managedFields?: ManagedFieldsEntry[];
  finalizers?: string[];
  [field: string]: unknown;
}

export interface ManagedFieldsEntry {
  manager?: string;
  operation?: 'Apply' | 'Update';
  subresource?: string;
  time?: string;
  fieldsType?: string;
  fieldsV1?: Record<string, unknown>;
}

/** Names one object in one cluster. `namespace` is absent for cluster-scoped kinds. */
export interface ObjectReference {
  apiVersion: string;
  kind: string;
  namespace?: string;
  name: string;
}

export function referenceOf(object: KubernetesObject): ObjectReference {
  const { name, namespace } = object.metadata;
  const reference: ObjectReference = { apiVersion: object.apiVersion, kind: object.kind, name };
  return namespace === undefined ? reference : { ...reference, namespace };
}

/** API group of an apiVersion; the core group is the empty string. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}

/** Identity of an object whatever its API version: `group/Kind/namespace/name`. */
export function keyOf(reference: ObjectReference): string {
  return `${groupOf(reference.apiVersion)}/${reference.kind}/${reference.namespace ?? ''}/${reference.name}`;
}

/** How people write it: `Kind/name`. */
export function shortName(reference: Pick<ObjectReference, 'kind' | 'name'>): string {
  return `${reference.kind}/${reference.name}`;
}

/** `Kind namespace/name` (or `Kind name`), for messages. */
export function describeReference(reference: ObjectReference): string {
  const { kind, namespace, name } = reference;
  return namespace === undefined ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}

/** Label and annotations the engine puts on every object it manages (design.md section 6, "Tracking"). */
export const tracking = {
  managedByLabel: 'app.kubernetes.io/managed-by',
  managedBy: 'sloth-runner',
  appAnnotation: 'sloth-runner.dev/app',
  inventoryLabel: 'sloth-runner.dev/inventory',
  fieldManager: 'sloth-runner',
  /** Of what resource actions write: the set in git has its say over these fields, and they are not part of it. */
  actionManager: 'sloth-runner-action',
  /** Which run of an action wrote last: by it a repeated attempt knows its own work. */
  actionAnnotation: 'sloth-runner.dev/action',
  systemNamespace: 'sloth-runner-system',
} as const;
