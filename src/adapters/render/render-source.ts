/**
 * One source as objects: plain, kustomize or helm, whichever it is. The one door to all three; no cluster, no git.
 */
import {
  inRepository,
  isWithin,
  renderTypeOf,
  type RenderOptions,
  type RenderType,
} from '../../domain/render-options.js';
import { refuseDuplicates, type RenderedObject } from '../../domain/rendered-set.js';
import { builtInVariables, type Variables } from '../../domain/variables.js';
import { linksOf, renderPlain } from '../manifests/plain-manifests.js';
import { renderHelm, type ClusterFacts, type ValuesFile } from './helm.js';
import { renderKustomize } from './kustomize.js';
import { helmCommand, kustomizeCommand } from './render-tools.js';
import { namesIn, type SourceFiles } from './source-files.js';

/** What rendering may know of the application. */
export interface RenderFacts {
  /** The name of a helm release that has none of its own. */
  readonly appName: string;
  readonly namespace?: string | undefined;
  readonly revision?: string | undefined;
  readonly environment?: string | undefined;
  /** Asked when a chart is rendered that was told less; absent: helm's own defaults. */
  readonly cluster?: () => Promise<ClusterFacts>;
  readonly extraValues?: readonly ValuesFile[];
  /** Folder inside the source's whose files are policies, not manifests. */
  readonly policies?: string | undefined;
  readonly signal: AbortSignal;
}

export interface RenderedSource {
  readonly objects: readonly RenderedObject[];
  readonly warnings: readonly string[];
}

/** @throws GitOpsError RenderFailed, DuplicateObject, NotAllowed, InvalidConfig, ToolMissing; those of `facts.cluster` */
export async function renderSource(
  all: SourceFiles,
  options: RenderOptions,
  facts: RenderFacts,
): Promise<RenderedSource> {
  const type = renderTypeOf(namesIn(all, all.folder), options.type, all.folder);
  const source = withoutPolicies(all, type, facts);
  const objects = await renderers[type](source, options, facts);
  refuseDuplicates(objects);
  const links = type === 'plain' ? linksOf(source, options) : [];
  return { objects, warnings: links.map((path) => `${path} is a link and was left out`) };
}

/** A kustomization takes what it names, and nothing else; one that names a policy means to apply it as well. */
function withoutPolicies(source: SourceFiles, type: RenderType, { policies }: RenderFacts): SourceFiles {
  const folder = policies === undefined ? undefined : inRepository(source.folder, policies);
  if (folder === undefined || type === 'kustomize') return source;
  return { ...source, files: source.files.filter(({ path }) => !isWithin(path, folder)) };
}

type Renderer = (source: SourceFiles, options: RenderOptions, facts: RenderFacts) => Promise<RenderedObject[]>;

const renderers: Readonly<Record<RenderType, Renderer>> = {
  plain: (source, options, facts) => renderPlain(source, options, variablesOf(options, facts)),
  kustomize: (source, options, facts) =>
    renderKustomize({
      source,
      variables: variablesOf(options, facts),
      command: kustomizeCommand(),
      signal: facts.signal,
    }),
  helm: async (source, options, facts) =>
    renderHelm({
      source,
      options: options.helm ?? {},
      releaseName: facts.appName,
      namespace: facts.namespace,
      cluster: await clusterFacts(options, facts),
      variables: variablesOf(options, facts),
      ...(facts.extraValues === undefined ? {} : { extraValues: facts.extraValues }),
      command: helmCommand(),
      signal: facts.signal,
    }),
};

function clusterFacts({ helm = {} }: RenderOptions, { cluster }: RenderFacts): Promise<ClusterFacts> {
  const told = helm.kubeVersion !== undefined && helm.apiVersions !== undefined;
  return told || cluster === undefined ? Promise.resolve({}) : cluster();
}

function variablesOf({ variables }: RenderOptions, facts: RenderFacts): Variables | undefined {
  if (variables === undefined) return undefined;
  const { appName, revision, namespace, environment } = facts;
  return { ...builtInVariables({ app: appName, revision, namespace, environment }), ...variables };
}
