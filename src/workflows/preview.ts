/**
 * What a sync would change, or apply, as short workflows of their own: the first phases of a sync and nothing after them.
 */
import type { ApplicationSpec, FurtherSource } from '../domain/application.js';
import { targetOf } from '../domain/target.js';
import type { ClonedSource, CloneResult, DiffResult, RenderResult } from '../domain/sync.js';
import type { Digest } from '../domain/digest.js';
import type { PreviewInput } from './messages.js';
import { withRetries } from './retry.js';
import { askedWith, clonedSource, cloneInput, renderInput, type Cloned } from './sources.js';
import { longStep } from './steps.js';

export interface PreviewResult extends DiffResult {
  readonly revision: string;
  readonly generatedAt: string;
}

export async function preview(input: PreviewInput): Promise<PreviewResult> {
  const { spec } = input;
  const commit = await cloneAll(input);
  const rendered = await phase(spec, renderSummary(input, commit), (s) =>
    longStep(s).render(renderInput(spec, commit)),
  );
  const { manifests, warnings } = rendered;
  const diff = await phase(spec, 'dry-run every object and compare with the cluster', (s) =>
    longStep(s).diff({
      target: targetOf(spec),
      manifests,
      revision: commit.revision,
      prune: input.prune ?? spec.prune,
      reportRefused: true,
      ...(warnings.length === 0 ? {} : { warnings }),
      ...askedWith(spec, rendered),
    }),
  );
  return { ...diff, revision: commit.revision, generatedAt: new Date().toISOString() };
}

export interface RenderedPreview extends Pick<RenderResult, 'manifests' | 'warnings'> {
  readonly revision: string;
}

/** What a sync would apply, compared with nothing: the first two phases alone. */
export async function renderPreview(input: PreviewInput): Promise<RenderedPreview> {
  const { spec } = input;
  const commit = await cloneAll(input);
  const { manifests, warnings } = await phase(spec, renderSummary(input, commit), (s) =>
    longStep(s).render({ ...renderInput(spec, commit), scoped: true }),
  );
  return { manifests, warnings, revision: commit.revision };
}

function renderSummary({ spec }: PreviewInput, { revision }: Cloned): string {
  return `render ${spec.source.path} at ${revision.slice(0, 8)}`;
}

async function cloneAll({ spec, revision, archive }: PreviewInput): Promise<Cloned> {
  const commit = archive === undefined ? await cloneOne(spec, spec, revision) : localFolder(archive);
  const further: ClonedSource[] = [];
  for (const one of spec.further ?? []) further.push(clonedSource(one, await cloneOne(spec, one)));
  return further.length === 0 ? commit : { ...commit, further };
}

/** A local folder is no commit: it goes by this name. */
function localFolder(archive: Digest): CloneResult {
  return { revision: 'local', tree: '', archive, subject: '', author: '' };
}

function cloneOne(spec: ApplicationSpec, one: FurtherSource, revision?: string): Promise<CloneResult> {
  const { path, branch } = one.source;
  const wanted = revision === undefined ? {} : { revision };
  return phase(spec, `clone ${path} at ${revision ?? branch}`, (s) => longStep(s).clone(cloneInput(one, wanted)));
}

function phase<T>(spec: ApplicationSpec, summary: string, run: (summary: string) => Promise<T>): Promise<T> {
  return withRetries(spec.retry, summary, () => run(summary));
}
