/**
 * What a sync would change, as its own short workflow: the first three phases of a sync and nothing after them.
 */
import type { ApplicationSpec } from '../domain/application.js';
import { targetOf, type DiffResult } from '../domain/sync.js';
import type { PreviewInput } from './messages.js';
import { withRetries } from './retry.js';
import { longStep } from './steps.js';

export interface PreviewResult extends DiffResult {
  readonly revision: string;
  readonly generatedAt: string;
}

export async function preview({ spec, revision, prune }: PreviewInput): Promise<PreviewResult> {
  const target = targetOf(spec);
  const { source, createNamespace, policies } = spec;
  const own = policies === undefined ? {} : { policies };
  const at = revision ?? source.branch;
  const commit = await phase(spec, `clone ${source.path} at ${at}`, (s) =>
    longStep(s).clone(revision === undefined ? { source } : { source, revision }),
  );
  const rendered = await phase(spec, `render ${source.path} at ${commit.revision.slice(0, 8)}`, (s) =>
    longStep(s).render({ target, source, revision: commit.revision, archive: commit.archive, createNamespace, ...own }),
  );
  const diff = await phase(spec, 'dry-run every object and compare with the cluster', (s) =>
    longStep(s).diff({
      target,
      manifests: rendered.manifests,
      revision: commit.revision,
      prune: prune ?? spec.prune,
      repository: source.url,
      ...(rendered.policies === undefined ? {} : { policies: rendered.policies }),
    }),
  );
  return { ...diff, revision: commit.revision, generatedAt: new Date().toISOString() };
}

function phase<T>(spec: ApplicationSpec, summary: string, run: (summary: string) => Promise<T>): Promise<T> {
  return withRetries(spec.retry, summary, () => run(summary));
}
