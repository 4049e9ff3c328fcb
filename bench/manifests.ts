/**
 * Manifests as YAML text: sets of ServiceAccount, Service, Deployment with 0 replicas and Ingress, as in Flux's own
 * benchmark (https://github.com/fluxcd/flux-benchmark).
 */

/**
 * Four objects of one name.
 * @param version changes the Deployment's template
 * @param label changes a label of all four
 */
export function fourObjects(name: string, version = 1, label = 'bench'): string {
  const labels = `{ app.kubernetes.io/name: ${name}, app.kubernetes.io/part-of: ${label} }`;
  const objects = [
    serviceAccount(name, labels),
    service(name, labels),
    deployment(name, labels, version),
    ingress(name, labels),
  ];
  return objects.join('---\n');
}

function serviceAccount(name: string, labels: string): string {
  return `apiVersion: v1
kind: ServiceAccount
metadata: { name: ${name}, labels: ${labels} }
automountServiceAccountToken: false
`;
}

function service(name: string, labels: string): string {
  return `apiVersion: v1
kind: Service
metadata: { name: ${name}, labels: ${labels} }
spec:
  type: ClusterIP
  selector: { app.kubernetes.io/name: ${name} }
  ports:
    - { name: http, port: 9898, protocol: TCP, targetPort: http }
    - { name: grpc, port: 9999, protocol: TCP, targetPort: grpc }
`;
}

function deployment(name: string, labels: string, version: number): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, labels: ${labels} }
spec:
  replicas: 0
  revisionHistoryLimit: 2
  selector: { matchLabels: { app.kubernetes.io/name: ${name} } }
  template:
    metadata:
      labels: { app.kubernetes.io/name: ${name} }
      annotations: { prometheus.io/scrape: "true", prometheus.io/port: "9797" }
    spec:
      serviceAccountName: ${name}
      containers:
        - name: app
          image: registry.example/app:${version}.0.0
          command: [./app, --port=9898, --port-metrics=9797, --level=info]
          ports:
            - { name: http, containerPort: 9898, protocol: TCP }
            - { name: metrics, containerPort: 9797, protocol: TCP }
            - { name: grpc, containerPort: 9999, protocol: TCP }
          env: [{ name: COLOR, value: "#34577c" }, { name: VERSION, value: "${version}" }]
          livenessProbe: { exec: { command: [app, check, http] }, initialDelaySeconds: 5, timeoutSeconds: 5 }
          readinessProbe: { exec: { command: [app, check, ready] }, initialDelaySeconds: 5, timeoutSeconds: 5 }
          resources: { limits: { cpu: "2", memory: 512Mi }, requests: { cpu: ${version}m, memory: 16Mi } }
`;
}

function ingress(name: string, labels: string): string {
  return `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: ${name}, labels: ${labels} }
spec:
  rules:
    - host: ${name}.example
      http:
        paths:
          - { path: /, pathType: Prefix, backend: { service: { name: ${name}, port: { number: 9898 } } } }
`;
}
