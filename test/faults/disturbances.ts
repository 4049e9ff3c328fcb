/**
 * What others do to an application's objects while the engine looks elsewhere, and manifests that the server refuses.
 */
import { kubectl } from '../support/cluster.js';
import { service } from '../support/manifests.js';
import type { ApplicationUnderTest } from './application-under-test.js';

/** Metadata by which an object may be deleted and created anew. */
export const recreating = 'annotations: { sloth-runner.dev/force: "true" }';

/** The service with another label in its selectors. @param metadata more of the Deployment's, as YAML flow */
export function relabelled(label: string, greeting: string, metadata = ''): string {
  return service('web', { greeting, image: 'registry.example/web:1.0.0' })
    .replaceAll('app: web', `app: ${label}`)
    .replace('kind: Deployment\nmetadata: { name: web', `kind: Deployment\nmetadata: { name: web, ${metadata}`);
}

export function patch({ namespace }: ApplicationUnderTest, name: string, change: object): Promise<string> {
  return kubectl('patch', 'configmap', name, '-n', namespace, '--type=merge', '-p', JSON.stringify(change));
}

/** A finalizer that nobody takes away. */
export function holdBack(app: ApplicationUnderTest, name: string): Promise<string> {
  return patch(app, name, { metadata: { finalizers: ['test.example/never'] } });
}

export function letGo(app: ApplicationUnderTest, name: string): Promise<string> {
  return patch(app, name, { metadata: { finalizers: null } });
}

/** All that was in it is gone, the inventory as well. */
export async function namespaceAnew(app: ApplicationUnderTest): Promise<void> {
  await letGo(app, 'extra-1');
  await kubectl('wait', '--for=delete', `namespace/${app.namespace}`, '--timeout=60s');
  await kubectl('create', 'namespace', app.namespace);
}
