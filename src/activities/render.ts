/**
 * render: from the archive of a path to the set of objects the application wants, each marked as its own.
 */
import { putJson, type ArtifactStore } from '../adapters/artifacts/artifact-store.js';
import { renderPlain } from '../adapters/manifests/plain-manifests.js';
import { readOwnPolicies } from '../adapters/policy/own-policies.js';
import { GitOpsError } from '../domain/errors.js';
import { tracking, type KubernetesObject } from '../domain/object.js';
import { compareOrder, waveOf } from '../domain/order.js';
import { referenceOf } from '../domain/object.js';
import type { RenderedObject } from '../domain/rendered-set.js';
import type { RenderInput, RenderResult } from '../domain/sync.js';
import { withHeartbeat } from './heartbeat.js';

export function createRender({ artifacts }: { artifacts: ArtifactStore }) {
  /** @throws GitOpsError RenderFailed, DuplicateObject, InvalidPolicy */
  return function render(input: RenderInput): Promise<RenderResult> {
    const { target, source, archive, revision, createNamespace, policies } = input;
    return withHeartbeat(async () => {
      const tar = await artifacts.get(archive);
      const objects = await renderPlain(tar, source.path, policies?.folder);
      if (objects.length === 0) throw empty(source.path, revision);
      const { namespace } = target.destination;
      const all = createNamespace && namespace !== undefined ? withNamespace(objects, namespace) : objects;
      const set = all.map((entry) => ({ ...entry, object: tracked(entry.object, target.app) })).sort(byOrder);
      const own = policies === undefined ? undefined : await readOwnPolicies(tar, source.path, policies);
      return {
        manifests: await putJson(artifacts, set),
        objects: set.length,
        warnings: [],
        ...(own === undefined ? {} : { policies: await putJson(artifacts, own) }),
      };
    });
  };
}

function empty(path: string, revision: string): GitOpsError {
  return new GitOpsError('RenderFailed', `${path} at ${revision.slice(0, 8)} holds no manifests`, {
    hint: 'check the path; files end in .yaml, .yml or .json',
  });
}

function withNamespace(objects: readonly RenderedObject[], name: string): RenderedObject[] {
  const there = objects.some(({ object }) => object.kind === 'Namespace' && object.metadata.name === name);
  return there ? [...objects] : [{ object: { apiVersion: 'v1', kind: 'Namespace', metadata: { name } } }, ...objects];
}

function tracked(object: KubernetesObject, app: string): KubernetesObject {
  const { labels, annotations } = object.metadata;
  return {
    ...object,
    metadata: {
      ...object.metadata,
      labels: { ...labels, [tracking.managedByLabel]: tracking.managedBy },
      annotations: { ...annotations, [tracking.appAnnotation]: app },
    },
  };
}

function byOrder(a: RenderedObject, b: RenderedObject): number {
  return compareOrder(placed(a), placed(b));
}

function placed({ object }: RenderedObject) {
  const reference = referenceOf(object);
  return { reference, wave: waveOf(reference) };
}
