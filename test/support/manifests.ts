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
