/**
 * What the types of the client library leave out of the API's schema: which fields must be there, and which texts are
 * quantities, so that numbers are as good. The frequent ones; the API server knows them all.
 */

/** By type. Containers must name an image wherever their Pods are made. */
export const requiredFields: Readonly<Record<string, readonly string[]>> = {
  V1Deployment: ['spec'],
  V1StatefulSet: ['spec'],
  V1DaemonSet: ['spec'],
  V1ReplicaSet: ['spec'],
  V1Job: ['spec'],
  V1CronJob: ['spec'],
  V1Pod: ['spec'],
  V1Service: ['spec'],
  V1PersistentVolumeClaim: ['spec'],
  V2HorizontalPodAutoscaler: ['spec'],
  V1CustomResourceDefinition: ['spec'],
  V1RoleBinding: ['roleRef'],
  V1ClusterRoleBinding: ['roleRef'],
  V1StorageClass: ['provisioner'],
  V1PriorityClass: ['value'],
  V1DeploymentSpec: ['selector', 'template'],
  V1StatefulSetSpec: ['selector', 'template'],
  V1DaemonSetSpec: ['selector', 'template'],
  V1ReplicaSetSpec: ['selector'],
  V1JobSpec: ['template'],
  V1CronJobSpec: ['schedule', 'jobTemplate'],
  V1PodSpec: ['containers'],
  V1Container: ['name', 'image'],
  V1ContainerPort: ['containerPort'],
  V1EnvVar: ['name'],
  V1Volume: ['name'],
  V1VolumeMount: ['name', 'mountPath'],
  V1KeyToPath: ['key', 'path'],
  V1ConfigMapKeySelector: ['key'],
  V1SecretKeySelector: ['key'],
  V1HTTPGetAction: ['port'],
  V1TCPSocketAction: ['port'],
  V1ServicePort: ['port'],
  V1HTTPIngressPath: ['pathType', 'backend'],
  V1IngressServiceBackend: ['name'],
  V1LabelSelectorRequirement: ['key', 'operator'],
  V1PersistentVolumeClaimSpec: ['accessModes', 'resources'],
  V1RoleRef: ['kind', 'name'],
  RbacV1Subject: ['kind', 'name'],
  V1PolicyRule: ['verbs'],
  V2HorizontalPodAutoscalerSpec: ['scaleTargetRef', 'maxReplicas'],
  V2CrossVersionObjectReference: ['kind', 'name'],
  V1CustomResourceDefinitionSpec: ['group', 'names', 'scope', 'versions'],
};

const anywhere = new Set([
  'limits',
  'requests',
  'capacity',
  'allocatable',
  'hard',
  'used',
  'overhead',
  'defaultRequest',
  'maxLimitRequestRatio',
  'sizeLimit',
  'divisor',
  'averageValue',
  'maximumVolumeSize',
]);

/** Names that mean something else elsewhere. */
const ofType: Readonly<Record<string, readonly string[]>> = {
  V2MetricTarget: ['value'],
  V2MetricValueStatus: ['value'],
  V1LimitRangeItem: ['default', 'max', 'min'],
};

export function isQuantityField(type: string, name: string): boolean {
  return anywhere.has(name) || (ofType[type] ?? []).includes(name);
}
