/**
 * Makes the preview environments fit the branches there are: one for each that matches, none for one that is gone. A
 * repository that does not answer changes nothing, and no other's previews wait for it.
 */
import type { Git } from '../adapters/repository/git.js';
import { sha256hex } from '../client/application-spec.js';
import type { GitOpsClient } from '../client/gitops-client.js';
import type { ApplicationSpec } from '../domain/application.js';
import { hasCode } from '../domain/errors.js';
import { planPreviews, previewSpec, type KnownPreview } from '../domain/preview-environments.js';
import { redact } from '../domain/redaction.js';

export interface PreviewSweep {
  readonly created: number;
  readonly removed: number;
  /** What did not go as it should, one line each. */
  readonly problems: readonly string[];
}

interface Tools {
  readonly client: GitOpsClient;
  readonly git: Git;
  /** ms since epoch. */
  readonly now: () => number;
}

export async function sweepPreviews(tools: Tools, intervalMs: number, signal: AbortSignal): Promise<PreviewSweep> {
  const known = await tools.client.previews.all();
  const templates = new Set([...(await tools.client.previews.templates()), ...known.keys()]);
  const sweeps: PreviewSweep[] = [];
  for (const id of templates) sweeps.push(await sweepOne(tools, id, known.get(id) ?? [], intervalMs, signal));
  const sum = (count: (one: PreviewSweep) => number): number => sweeps.reduce((total, one) => total + count(one), 0);
  const problems = sweeps.flatMap((one) => one.problems);
  return { created: sum((one) => one.created), removed: sum((one) => one.removed), problems };
}

const nothing: PreviewSweep = { created: 0, removed: 0, problems: [] };

async function sweepOne(
  tools: Tools,
  id: string,
  known: readonly KnownPreview[],
  intervalMs: number,
  signal: AbortSignal,
): Promise<PreviewSweep> {
  try {
    const template = await templateOf(tools.client, id);
    if (template !== undefined && template.syncIntervalMs !== intervalMs) return nothing; // another sweep's
    const rule = template?.previews;
    if (template === undefined || rule === undefined) return await remove(tools, known);
    const plan = planPreviews(rule, template, await tools.git.listRefs(template.source, signal), known);
    const now = new Date(tools.now()).toISOString();
    for (const branch of plan.create) await tools.client.declare(previewSpec(template, rule, branch, sha256hex, now));
    const { removed } = await remove(tools, plan.remove);
    const full = plan.left.map(
      (branch) => `${template.name}: no room for a preview of ${branch} (limit ${rule.limit})`,
    );
    return { created: plan.create.length, removed, problems: full };
  } catch (error) {
    signal.throwIfAborted();
    return { ...nothing, problems: [redact(`previews of ${id}: ${(error as Error).message}`).slice(0, 200)] };
  }
}

/** Undefined when it was deleted. */
async function templateOf(client: GitOpsClient, id: string): Promise<ApplicationSpec | undefined> {
  try {
    return (await client.status(id)).spec;
  } catch (error) {
    if (hasCode(error, 'UnknownApplication')) return undefined;
    throw error;
  }
}

/** Visibility may still list what is on its way out. */
async function remove({ client }: Tools, previews: readonly KnownPreview[]): Promise<PreviewSweep> {
  for (const { id } of previews) {
    try {
      await client.delete(id, { who: 'preview environments' });
    } catch (error) {
      if (!hasCode(error, 'UnknownApplication') && !hasCode(error, 'ApplicationDeleted')) throw error;
    }
  }
  return { ...nothing, removed: previews.length };
}
