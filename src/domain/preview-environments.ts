/**
 * Preview environments: for each branch of a pattern an application like its template, in a namespace of its own,
 * there as long as the branch is.
 */
import type { ApplicationSpec } from './application.js';
import { branchesLike, type RemoteRefs } from './branch-strategy.js';
import { applicationId } from './identity.js';

export interface PreviewRule {
  /** `feature/*` */
  readonly branches: string;
  /** `shop-{branch}` */
  readonly namespace: string;
  /** At most so many at a time. */
  readonly limit: number;
}

/** A preview that is there. */
export interface KnownPreview {
  readonly id: string;
  readonly branch: string;
}

export interface PreviewPlan {
  readonly create: readonly string[];
  readonly remove: readonly KnownPreview[];
  /** Branches for which there is no room. */
  readonly left: readonly string[];
}

/**
 * Those that are there keep their place as long as their branch is there; the others come in the order of their names.
 * @param refs a whole answer of the remote; of an empty one nothing follows, for a repository without branches is none
 */
export function planPreviews(
  { branches, limit }: PreviewRule,
  template: Pick<ApplicationSpec, 'source'>,
  refs: RemoteRefs,
  known: readonly KnownPreview[],
): PreviewPlan {
  if (Object.keys(refs).length === 0) return { create: [], remove: [], left: [] };
  const wanted = branchesLike(branches, refs).filter((branch) => branch !== template.source.branch);
  const kept = known.filter(({ branch }) => wanted.includes(branch)).slice(0, limit);
  const remove = known.filter((one) => !kept.includes(one));
  const missing = wanted.filter((branch) => !kept.some((one) => one.branch === branch));
  const room = Math.max(0, limit - kept.length);
  return { create: missing.slice(0, room), remove, left: missing.slice(room) };
}

/** Room for the rest of the namespace's 63 characters. */
const slugLength = 30;

/** @param sha256 of a text, in hex */
export function previewSpec(
  template: ApplicationSpec,
  rule: PreviewRule,
  branch: string,
  sha256: (text: string) => string,
  now: string,
): ApplicationSpec {
  const { previews: _rule, ...like } = template;
  const slug = slugOf(branch, rule.branches, sha256);
  const [name, namespace] = [`${template.name}-${slug}`, rule.namespace.replaceAll('{branch}', slug)];
  const { cluster } = template.destination;
  const { project } = template;
  const id = applicationId({ project, name, repository: '', branch: '', path: '', cluster: '', namespace: '' }, sha256);
  return {
    ...like,
    id,
    name,
    environment: 'preview',
    source: { ...template.source, branch },
    destination: { cluster, namespace },
    autoSync: true,
    prune: true,
    createNamespace: true,
    previewOf: template.id,
    createdAt: now,
  };
}

/** What the star stands for, as a DNS label; where that loses something, a piece of its hash tells branches apart. */
function slugOf(branch: string, pattern: string, sha256: (text: string) => string): string {
  const part = branch.slice(pattern.indexOf('*') < 0 ? 0 : pattern.indexOf('*'));
  const slug = part
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, slugLength)
    .replace(/^-+|-+$/g, '');
  return slug === part ? slug : `${slug || 'branch'}-${sha256(branch).slice(0, 6)}`;
}
