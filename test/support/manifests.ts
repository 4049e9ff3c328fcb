/**
 * Manifests for tests, as YAML text.
 */

/** ServiceAccount, ConfigMap, Service and Deployment of one name: four objects of four kinds. */
export function service(
  name: string,
  { image = `registry.example/${name}:1.0.0`, replicas = 1, greeting = 'hello' } = {},
): string {
  return `apiVersion: v1
kind: ServiceAccount
metadata: { name: ${name} }
---
${configMap(name, greeting)}
---
apiVersion: v1
kind: Service
metadata: { name: ${name} }
spec:
  selector: { app: ${name} }
  ports: [{ name: http, port: 80, targetPort: 8080 }]
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name} }
spec:
  replicas: ${replicas}
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec:
      containers: [{ name: ${name}, image: "${image}" }]
`;
}

export function configMap(name: string, greeting = 'hello'): string {
  return `apiVersion: v1
kind: ConfigMap
metadata: { name: ${name} }
data: { greeting: "${greeting}" }
`;
}

/** A Job that is a hook. @param annotations as YAML flow: `helm.sh/hook: test` @param spec more lines of its spec */
export function hookJob(
  name: string,
  annotations: string,
  { image = 'registry.example/job:1', spec = '' } = {},
): string {
  return `apiVersion: batch/v1
kind: Job
metadata:
  name: ${name}
  annotations: { ${annotations} }
spec:
  backoffLimit: 0${spec}
  template: { spec: { restartPolicy: Never, containers: [{ name: work, image: "${image}" }] } }
`;
}

/** The same manifest in a wave. @param dialect prefix of the annotation */
export function inWave(manifest: string, wave: number, dialect = 'argocd.argoproj.io'): string {
  return manifest.replace(
    /metadata: \{ name: ([\w-]+) \}/,
    `metadata: { name: $1, annotations: { ${dialect}/sync-wave: "${wave}" } }`,
  );
}

/** A namespaced kind Widget of that group, whose spec may hold anything. */
export function widgetDefinition(group: string): string {
  return `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: widgets.${group} }
spec:
  group: ${group}
  scope: Namespaced
  names: { kind: Widget, plural: widgets, singular: widget, listKind: WidgetList }
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties: { spec: { type: object, x-kubernetes-preserve-unknown-fields: true } }
`;
}
