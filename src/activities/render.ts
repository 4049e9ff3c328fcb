/**
 * render: from the archives of an application's sources to the set of objects it wants, each marked as its own.
 */
import { putJson, type ArtifactStore } from '../adapters/artifacts/artifact-store.js';
import type { ClusterRegistry } from '../adapters/cluster/cluster.js';
import type { ClusterFacts } from '../adapters/render/helm.js';
import { readOwnPolicies } from '../adapters/policy/own-policies.js';
import { renderSource, type RenderFacts, type RenderedSource } from '../adapters/render/render-source.js';
import { filesOfArchive, type SourceFiles } from '../adapters/render/source-files.js';
import { GitOpsError } from '../domain/errors.js';
import { inApplyOrder, mergeSources, tracked, type RenderedObject, type RenderedSet } from '../domain/rendered-set.js';
import { mostListed, type ClonedSource, type RenderInput, type RenderResult } from '../domain/sync.js';
import { withHeartbeat } from './heartbeat.js';
import { scopeSet } from './scoped-set.js';

interface RenderDependencies {
  readonly artifacts: ArtifactStore;
  readonly clusters: ClusterRegistry;
}

export function createRender({ artifacts, clusters }: RenderDependencies) {
  /** @throws GitOpsError those of `renderSource`, of the cluster for a chart, InvalidPolicy */
  return function render(input: RenderInput): Promise<RenderResult> {
    return withHeartbeat(async ({ signal }) => {
      const { target, createNamespace, further = [], policies } = input;
      const facts = factsOf(input, clusters, signal);
      const own = await filesOf(input);
      const rendered = [await renderOne(own, input, { ...facts, policies: policies?.folder })];
      for (const source of further) rendered.push(await renderOne(await filesOf(source), source, facts));
      const { objects, warnings } = merged([input, ...further], rendered);
      const { namespace } = target.destination;
      const all = createNamespace && namespace !== undefined ? withNamespace(objects, namespace) : objects;
      const set = inApplyOrder(all.map((entry) => ({ ...entry, object: tracked(entry.object, target.app) })));
      const shown = input.scoped === true ? await inNamespaces(set, input, signal) : set;
      return {
        manifests: await putJson(artifacts, shown),
        objects: set.length,
        warnings: warnings.slice(0, mostListed),
        ...(policies === undefined ? {} : { policies: await putJson(artifacts, readOwnPolicies(own, policies)) }),
      };
    });
  };

  async function filesOf({ archive, folders, source: { path } }: ClonedSource): Promise<SourceFiles> {
    const files = await filesOfArchive(await artifacts.get(archive), folders === undefined ? path : '.');
    return { files, folder: path };
  }

  /** As the plan will place them; a kind that the cluster does not know stays as it was written. */
  async function inNamespaces(set: RenderedSet, { target }: RenderInput, signal: AbortSignal): Promise<RenderedSet> {
    const cluster = await clusters.get(target.destination.cluster);
    const { objects, failures } = await scopeSet(cluster, set, target.destination, signal);
    if (failures.length > 0) return set;
    return objects.map(({ object, source }) => (source === undefined ? { object } : { object, source }));
  }
}

async function renderOne(
  files: SourceFiles,
  { render = {}, revision }: ClonedSource,
  facts: RenderFacts,
): Promise<RenderedSource> {
  const rendered = await renderSource(files, render, { ...facts, revision });
  if (rendered.objects.length === 0) throw empty(files.folder, revision);
  return rendered;
}

function factsOf({ target, environment }: RenderInput, clusters: ClusterRegistry, signal: AbortSignal): RenderFacts {
  const { namespace, cluster: name } = target.destination;
  const cluster = async (): Promise<ClusterFacts> => {
    const known = await clusters.get(name);
    const [kubeVersion, apiVersions] = await Promise.all([known.version({ signal }), known.apiVersions({ signal })]);
    return { kubeVersion, apiVersions };
  };
  return { appName: target.appName, namespace, environment, cluster, signal };
}

function merged(
  sources: readonly ClonedSource[],
  rendered: readonly RenderedSource[],
): { readonly objects: readonly RenderedObject[]; readonly warnings: readonly string[] } {
  const [only] = rendered;
  if (only !== undefined && rendered.length === 1) return only;
  const named = rendered.map(({ objects }, i) => ({ name: sources[i]?.source.url ?? '', objects }));
  const { objects, warnings } = mergeSources(named);
  return { objects, warnings: [...rendered.flatMap((one) => one.warnings), ...warnings] };
}

function empty(path: string, revision: string): GitOpsError {
  return new GitOpsError('RenderFailed', `${path} at ${revision.slice(0, 8)} holds no manifests`, {
    hint: 'check the path; plain files end in .yaml, .yml or .json',
  });
}

function withNamespace(objects: readonly RenderedObject[], name: string): readonly RenderedObject[] {
  const there = objects.some(({ object }) => object.kind === 'Namespace' && object.metadata.name === name);
  return there ? objects : [{ object: { apiVersion: 'v1', kind: 'Namespace', metadata: { name } } }, ...objects];
}
