/**
 * Ids of applications and repositories: digits of a hash over what identifies them, so that declaring the same thing
 * twice names the same thing (lua-api.md 2.1).
 */

/** Lower-case hex sha256 of a text; an argument because this layer knows no Node built-ins. */
export type Sha256 = (text: string) => string;

export interface ApplicationIdentityParts {
  readonly project: string;
  readonly id?: string;
  readonly name?: string;
  /** Normalised URL. */
  readonly repository: string;
  readonly branch: string;
  readonly path: string;
  readonly cluster: string;
  readonly namespace: string;
}

/** `workflow-` and 15 digits, over (project, id or name), or without both over where it points. */
export function applicationId(parts: ApplicationIdentityParts, sha256: Sha256): string {
  const called = parts.id ?? parts.name;
  const { project, repository, branch, path, cluster, namespace } = parts;
  const identity =
    called === undefined ? ['place', project, repository, branch, path, cluster, namespace] : ['name', project, called];
  return `workflow-${digits(identity, sha256)}`;
}

/** Of what a person types: `workflow-<15 digits>` as it is, `project/name`, or a name inside `project`. */
export function idOfName(text: string, project: string, sha256: Sha256): string {
  if (/^workflow-\d{15}$/.test(text)) return text;
  const slash = text.indexOf('/');
  const called = slash < 0 ? { project, name: text } : { project: text.slice(0, slash), name: text.slice(slash + 1) };
  const nowhere = { repository: '', branch: '', path: '', cluster: '', namespace: '' };
  return applicationId({ ...called, ...nowhere }, sha256);
}

/** `repo-` and 15 digits over the normalised URL. */
export function repositoryId(url: string, sha256: Sha256): string {
  return `repo-${digits(['repository', url], sha256)}`;
}

const modulus = 10n ** 15n;

/** JSON keeps parts apart: no two lists of texts read the same. */
function digits(parts: readonly string[], sha256: Sha256): string {
  const hash = BigInt(`0x${sha256(JSON.stringify(parts))}`);
  return (hash % modulus).toString().padStart(15, '0');
}
