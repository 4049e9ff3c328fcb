/** Small objects to sync. */
import type { KubernetesObject } from '../../../src/domain/object.js';

export function configMap(name: string, data: Record<string, string> = { a: '1' }): KubernetesObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data };
}

export function secret(name: string, stringData: Record<string, string>): KubernetesObject {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name }, type: 'Opaque', stringData };
}

export function namespaceObject(name: string): KubernetesObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
}

export function service(name: string): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name },
    spec: { selector: { app: name }, ports: [{ port: 80, targetPort: 8080 }] },
  };
}

/** The tag `broken` never becomes ready on the test control plane. */
export function deployment(name: string, { replicas = 1, tag = '1.0' } = {}): KubernetesObject {
  const labels = { app: name };
  const container = {
    name: 'main',
    image: `registry.example/${name}:${tag}`,
    resources: { limits: { memory: '64Mi', cpu: '100m' } },
  };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [container] } },
    },
  };
}

export function definition(kind: string): KubernetesObject {
  const singular = kind.toLowerCase();
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${singular}s.test.example` },
    spec: {
      group: 'test.example',
      scope: 'Namespaced',
      names: { kind, singular, plural: `${singular}s` },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: {
            openAPIV3Schema: {
              type: 'object',
              properties: { spec: { type: 'object', properties: { size: { type: 'integer' } } } },
            },
          },
        },
      ],
    },
  };
}

export function custom(kind: string, name: string, size: unknown = 1): KubernetesObject {
  return { apiVersion: 'test.example/v1', kind, metadata: { name }, spec: { size } };
}
