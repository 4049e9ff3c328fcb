/**
 * render: from the archive of a path to the set of objects the application wants, each marked as its own.
 */
import { putJson, type ArtifactStore } from '../adapters/artifacts/artifact-store.js';
import { renderPlain } from '../adapters/manifests/plain-manifests.js';
import { GitOpsError } from '../domain/errors.js';
import { tracking, type KubernetesObject } from '../domain/object.js';
import { optionsOf } from '../domain/object-options.js';
import { compareOrder, type Placed } from '../domain/order.js';
import { referenceOf } from '../domain/object.js';
import type { RenderedObject } from '../domain/rendered-set.js';
import type { RenderInput, RenderResult } from '../domain/sync.js';
import { withHeartbeat } from './heartbeat.js';

export function createRender({ artifacts }: { artifacts: ArtifactStore }) {
  /** @throws GitOpsError RenderFailed, DuplicateObject */
  return function render({ target, source, archive, revision, createNamespace }: RenderInput): Promise<RenderResult> {
    return withHeartbeat(async () => {
      const objects = await renderPlain(await artifacts.get(archive), source.path);
      if (objects.length === 0) throw empty(source.path, revision);
      const { namespace } = target.destination;
      const all = createNamespace && namespace !== undefined ? withNamespace(objects, namespace) : objects;
      const set = all.map((entry) => ({ ...entry, object: tracked(entry.object, target.app) })).sort(byOrder);
      return { manifests: await putJson(artifacts, set), objects: set.length, warnings: [] };
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

/** The apply order of the set; a hook stands where its first moment is. */
function placed({ object }: RenderedObject): Placed {
  const { wave: syncWave, hook } = optionsOf(object);
  return { reference: referenceOf(object), phase: hook?.moments[0] ?? 'Sync', syncWave };
}
