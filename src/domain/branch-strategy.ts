/**
 * Which branch or tag feeds which environment. A strategy and an environment give a feed: patterns, the first that
 * matches anything decides, and of several matches the newest version. A feed stands where a branch name would, so
 * `hotfix/* release/* main` is written, listed and followed like `main`; no git name holds a space, a star or a colon.
 */
import { GitOpsError } from './errors.js';

export type BranchStrategy = 'github-flow' | 'gitflow' | Readonly<Record<string, string | readonly string[]>>;

/** `refs/heads/main` -> commit; of an annotated tag the commit it points to. */
export type RemoteRefs = Readonly<Record<string, string>>;

export interface ChosenRef {
  readonly ref: string;
  readonly commit: string;
}

type Kind = 'development' | 'staging' | 'production';

const kinds: Readonly<Record<string, Kind>> = {
  ...Object.fromEntries(['development', 'develop', 'dev', 'test', 'integration'].map((name) => [name, 'development'])),
  ...Object.fromEntries(['staging', 'stage', 'qa', 'uat', 'preproduction'].map((name) => [name, 'staging'])),
  ...Object.fromEntries(['production', 'prod', 'live'].map((name) => [name, 'production'])),
};

/** https://nvie.com/posts/a-successful-git-branching-model: what is tested next, and what was released last. */
const gitflow: Readonly<Record<Kind, (trunk: string) => string>> = {
  development: () => 'develop',
  staging: (trunk) => `hotfix/* release/* ${trunk}`,
  production: (trunk) => `tag:v* ${trunk}`,
};

/**
 * @param environment as the declaration names it: `environment`, else `name`
 * @param trunk the branch of the declaration, usually `main`
 * @throws GitOpsError InvalidConfig when the strategy says nothing of this environment, or a pattern is none
 */
export function feedOf(strategy: BranchStrategy, environment: string | undefined, trunk: string): string {
  if (strategy === 'github-flow') return trunk; // one branch, always deployable: environments differ by promotion
  if (environment === undefined)
    throw invalid('branch_strategy needs to know the environment', 'add environment = "production", or take it out');
  return strategy === 'gitflow' ? ofGitflow(environment, trunk) : ofTable(strategy, environment);
}

function ofGitflow(environment: string, trunk: string): string {
  const name = environment.toLowerCase();
  const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
  if (kind !== undefined) return gitflow[kind](trunk);
  const known = Object.keys(gitflow).join(', ');
  throw invalid(
    `gitflow does not say what feeds the environment '${environment}'`,
    `name it ${known}, or write branch_strategy = { ["${environment}"] = "release/*" }`,
  );
}

function ofTable(table: Readonly<Record<string, string | readonly string[]>>, environment: string): string {
  const feed = Object.hasOwn(table, environment) ? table[environment] : undefined;
  if (feed === undefined)
    throw invalid(
      `branch_strategy does not say what feeds the environment '${environment}'`,
      `it names ${Object.keys(table).join(', ') || 'none'}`,
    );
  const patterns = [feed].flat();
  const wrong = patterns.find((pattern) => !isPattern(pattern));
  if (patterns.length === 0 || wrong !== undefined)
    throw invalid(`'${wrong ?? ''}' is no branch or tag pattern`, 'write "main", "release/*" or "tag:v*"');
  return patterns.join(' ');
}

/** A name with at most one star, for tags behind `tag:`. */
export function isPattern(pattern: string): boolean {
  const name = pattern.replace(/^tag:/, '').replace('*', 'x');
  return /^[^\s~^:?*[\\]+$/.test(name) && !name.startsWith('-') && !name.includes('..');
}

/** Whether a branch name is more than that. */
export function isFeed(branch: string): boolean {
  return /[ *]|^tag:/.test(branch);
}

/** Undefined when nothing matches: what was chosen before stays where it is. */
export function chooseRef(feed: string, refs: RemoteRefs): ChosenRef | undefined {
  for (const pattern of feed.split(' ')) {
    const [best] = matches(pattern, refs).sort(newestFirst);
    if (best !== undefined) return { ref: best.ref, commit: best.commit };
  }
  return undefined;
}

/** Names of the branches that match one pattern, in the order of their names. */
export function branchesLike(pattern: string, refs: RemoteRefs): readonly string[] {
  const names = matches(pattern, refs).map(({ ref }) => ref.slice('refs/heads/'.length));
  return names.sort();
}

interface Match extends ChosenRef {
  readonly version: Version | undefined;
}

function matches(pattern: string, refs: RemoteRefs): Match[] {
  const tag = pattern.startsWith('tag:');
  const full = tag ? `refs/tags/${pattern.slice('tag:'.length)}` : `refs/heads/${pattern}`;
  const [before = '', after] = full.split('*');
  const found = Object.entries(refs).flatMap(([ref, commit]): Match[] => {
    if (after === undefined) return ref === full ? [{ ref, commit, version: undefined }] : [];
    const fits = ref.length > before.length + after.length && ref.startsWith(before) && ref.endsWith(after);
    return fits ? [{ ref, commit, version: versionOf(ref.slice(before.length, ref.length - after.length)) }] : [];
  });
  return tag && after !== undefined ? found.filter(({ version }) => isRelease(version, pattern)) : found;
}

/** Candidates of a release are for whoever asks for them with a dash: `tag:v2.0.0-*`. */
function isRelease(version: Version | undefined, pattern: string): boolean {
  return version !== undefined && (version.candidate.length === 0 || pattern.includes('-'));
}

interface Version {
  readonly numbers: readonly number[];
  readonly candidate: readonly string[];
}

/** `1.4`, `v1.4.0`, `1.4.0-rc.1`: https://semver.org, with trailing zeros to be left out. */
function versionOf(text: string): Version | undefined {
  const [, numbers, candidate = ''] = /^v?(\d+(?:\.\d+){0,2})(?:-([0-9A-Za-z.-]+))?(?:\+[\w.-]+)?$/.exec(text) ?? [];
  if (numbers === undefined) return undefined;
  return { numbers: numbers.split('.').map(Number), candidate: candidate === '' ? [] : candidate.split('.') };
}

/** Versions before other names; these from the end of the alphabet. */
function newestFirst(a: Match, b: Match): number {
  if (a.version !== undefined && b.version !== undefined)
    return compareVersions(b.version, a.version) || compareText(b.ref, a.ref);
  if (a.version !== undefined) return -1;
  return b.version === undefined ? compareText(b.ref, a.ref) : 1;
}

function compareVersions(a: Version, b: Version): number {
  for (const i of [0, 1, 2]) {
    const difference = (a.numbers[i] ?? 0) - (b.numbers[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return compareCandidates(a.candidate, b.candidate);
}

/** None is newer than any; else part by part, numbers as numbers and before words. */
function compareCandidates(a: readonly string[], b: readonly string[]): number {
  if (a.length === 0 || b.length === 0) return b.length - a.length;
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const difference = compareParts(a[i], b[i]);
    if (difference !== 0) return difference;
  }
  return 0;
}

function compareParts(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? -1 : 1;
  const [x, y] = [a, b].map((part) => (/^\d+$/.test(part) ? Number(part) : undefined));
  if (x !== undefined && y !== undefined) return x - y;
  if (x !== undefined || y !== undefined) return x !== undefined ? -1 : 1;
  return compareText(a, b);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function invalid(message: string, hint: string): GitOpsError {
  return new GitOpsError('InvalidConfig', message, { hint });
}
