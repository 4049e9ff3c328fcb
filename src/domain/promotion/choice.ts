/**
 * What may be promoted, and where to. A commit that the source has not had live and healthy goes nowhere.
 */
import { GitOpsError } from '../errors.js';
import type { Carry, StageFacts, StageSet } from './promotion.js';

/**
 * The set to promote: the one the source runs, or its newest healthy one of `revision`.
 * @throws GitOpsError NotPromotable
 */
export function chooseSet(source: StageFacts, revision?: string): StageSet {
  if (revision !== undefined) return ofRevision(source, revision);
  const { name, status, message, healthy } = source;
  const live = healthy.findLast((set) => set.revision === source.revision);
  if (status === 'synced' && live !== undefined) return live;
  const why = message === undefined ? '' : `: ${message}`;
  throw notPromotable(`${name} is ${status}, so there is nothing to promote${why}`, hintFor(healthy));
}

function ofRevision({ name, healthy }: StageFacts, revision: string): StageSet {
  const found = healthy.findLast((set) => set.revision.startsWith(revision.toLowerCase()));
  if (found !== undefined) return found;
  throw notPromotable(`${name} has never been healthy with ${revision}`, hintFor(healthy));
}

function hintFor(healthy: readonly StageSet[]): string {
  const commits = [...new Set(healthy.map(({ revision }) => revision.slice(0, 8)))].slice(-5);
  return commits.length === 0
    ? 'sync it first'
    : `healthy before, and promoted with revision = ...: ${commits.join(', ')}`;
}

/**
 * A target that would not stay on the promoted commit, or for which "the same commit" means nothing, is refused before
 * anything is touched.
 * @throws GitOpsError NotPromotable
 */
export function refuseTarget(source: StageFacts, target: StageFacts, carry: Carry): void {
  if (target.id === source.id)
    throw notPromotable(`${target.name} cannot be promoted to itself`, 'name two different applications');
  if (target.autoSync)
    throw notPromotable(
      `${target.name} syncs by itself, so the next push would move it past the promoted commit`,
      `declare it with auto_sync = false, or: gitops.stop_auto_sync("${target.name}")`,
    );
  if (carry === 'commit' && target.further)
    throw notPromotable(
      `${target.name} has several sources, and a commit says something about one of them`,
      `say carry = "set" to promote the very objects ${source.name} runs`,
    );
  if (carry === 'commit' && target.repository !== source.repository)
    throw notPromotable(
      `${target.name} comes from ${target.repository}, which does not hold the commits of ${source.repository}`,
      `say carry = "set" to promote the very objects ${source.name} runs`,
    );
}

/** Nothing is left to be done for this commit. */
export function isThere({ status, revision }: StageFacts, promoted: StageSet): boolean {
  return status === 'synced' && revision === promoted.revision;
}

function notPromotable(message: string, hint: string): GitOpsError {
  return new GitOpsError('NotPromotable', message, { hint });
}
