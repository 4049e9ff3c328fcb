/**
 * What a sync would change, as its own short workflow: the first three phases of a sync and nothing after them.
 */
import type { ApplicationSpec } from '../domain/application.js';
import { targetOf, type DiffResult, type Digest } from '../domain/sync.js';
import type { PreviewInput } from './messages.js';
import { withRetries } from './retry.js';
import { longStep } from './steps.js';

export interface PreviewResult extends DiffResult {
  readonly revision: string;
  readonly generatedAt: string;
}

export async function preview(input: PreviewInput): Promise<PreviewResult> {
  const { spec, prune } = input;
  const target = targetOf(spec);
  const { source, createNamespace } = spec;
  const commit = await sourceOf(input);
  const rendered = await phase(spec, `render ${source.path} at ${commit.revision.slice(0, 8)}`, (s) =>
    longStep(s).render({ target, source, revision: commit.revision, archive: commit.archive, createNamespace }),
  );
  const diff = await phase(spec, 'dry-run every object and compare with the cluster', (s) =>
    longStep(s).diff({
      target,
      manifests: rendered.manifests,
      revision: commit.revision,
      prune: prune ?? spec.prune,
      reportRefused: true,
    }),
  );
  return { ...diff, revision: commit.revision, generatedAt: new Date().toISOString() };
}

/** A local folder is no commit: it goes by this name. */
const localRevision = 'local';

function sourceOf({ spec, revision, archive }: PreviewInput): Promise<{ revision: string; archive: Digest }> {
  if (archive !== undefined) return Promise.resolve({ revision: localRevision, archive });
  const { source } = spec;
  return phase(spec, `clone ${source.path} at ${revision ?? source.branch}`, (s) =>
    longStep(s).clone(revision === undefined ? { source } : { source, revision }),
  );
}

function phase<T>(spec: ApplicationSpec, summary: string, run: (summary: string) => Promise<T>): Promise<T> {
  return withRetries(spec.retry, summary, () => run(summary));
}
