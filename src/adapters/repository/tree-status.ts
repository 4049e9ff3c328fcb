/**
 * `git status --porcelain=v2 --branch -z`, read (https://git-scm.com/docs/git-status).
 */
export interface TreeStatus {
  /** Empty when the tree stands on a commit alone. */
  readonly branch: string;
  readonly revision: string;
  /** Commits that the branch it follows has not, and the other way round. */
  readonly ahead: number;
  readonly behind: number;
  readonly clean: boolean;
  readonly files: readonly { readonly path: string; readonly status: string }[];
}

/** How many words stand in front of the path. */
const words: Readonly<Record<string, number>> = { '1': 8, '2': 9, u: 10, '?': 1, '!': 1 };

export function parseStatus(text: string): TreeStatus {
  const headers = new Map<string, string>();
  const files: { path: string; status: string }[] = [];
  const records = text.split('\0').filter((record) => record !== '');
  for (let i = 0; i < records.length; i++) {
    const record = records[i] ?? '';
    const [kind = '', second = ''] = record.split(' ');
    if (kind === '#') headers.set(second, record.slice(`# ${second} `.length));
    else files.push({ path: record.split(' ').slice(words[kind]).join(' '), status: statusOf(kind, second) });
    if (kind === '2') i++; // the path it had before
  }
  const [, ahead = '0', behind = '0'] = /^\+(\d+) -(\d+)$/.exec(headers.get('branch.ab') ?? '') ?? [];
  const branch = headers.get('branch.head') ?? '';
  const revision = headers.get('branch.oid') ?? '';
  return {
    branch: branch === '(detached)' ? '' : branch,
    revision: revision === '(initial)' ? '' : revision,
    ahead: Number(ahead),
    behind: Number(behind),
    clean: files.length === 0,
    files,
  };
}

/** As the short format has it: `M`, `A`, `??`. */
function statusOf(kind: string, columns: string): string {
  return kind === '?' ? '??' : columns.replaceAll('.', ' ').trim();
}
