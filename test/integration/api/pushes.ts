/** A push as each sender documents it, cut down to a few fields around those that are read. */
export interface Push {
  readonly sender: string;
  readonly title: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: unknown;
  /** Signed as https://www.standardwebhooks.com says. */
  readonly standard?: boolean;
}

const commit = 'd6cd1e2bd19e03a81132a23b2025920577f84e37';

/** @param url of the repository that was pushed to */
export function pushes(url: string): Push[] {
  const repository = {
    id: 1,
    name: 'shop',
    full_name: 'acme/shop',
    html_url: 'https://git.example/x',
    ssh_url: 'git@git.example:x/y.git',
    clone_url: url,
  };
  const push = { ref: 'refs/heads/main', before: '0'.repeat(40), after: commit, commits: [{ id: commit }], repository };
  const gitlab = {
    object_kind: 'push',
    event_name: 'push',
    checkout_sha: commit,
    project: { id: 15, web_url: 'https://git.example/x/y', git_ssh_url: 'git@git.example:x/y.git', git_http_url: url },
  };
  const cloud = {
    push: { changes: [{ new: { type: 'branch', name: 'main' } }] },
    repository: { full_name: 'acme/shop', links: { html: { href: url } } },
  };
  const server = {
    eventKey: 'repo:refs_changed',
    repository: {
      slug: 'shop',
      links: {
        clone: [{ href: url, name: 'http' }],
        self: [{ href: 'https://git.example/projects/ACME/repos/shop/browse' }],
      },
    },
  };
  return [
    {
      title: 'of GitHub',
      sender: 'github',
      headers: { 'x-github-event': 'push', 'x-github-delivery': '72d3162e' },
      payload: push,
    },
    {
      title: 'of GitHub: a tag',
      sender: 'github',
      headers: { 'x-github-event': 'push' },
      payload: { ...push, ref: 'refs/tags/v1' },
    },
    { title: 'of GitLab with a token', sender: 'gitlab', headers: { 'x-gitlab-event': 'Push Hook' }, payload: gitlab },
    {
      title: 'of GitLab with a signature',
      sender: 'gitlab',
      headers: { 'x-gitlab-event': 'Push Hook' },
      payload: gitlab,
      standard: true,
    },
    { title: 'of Gitea', sender: 'gitea', headers: { 'x-gitea-event': 'push' }, payload: push },
    { title: 'of Forgejo', sender: 'forgejo', headers: { 'x-forgejo-event': 'push' }, payload: push },
    { title: 'of Bitbucket Cloud', sender: 'bitbucket', headers: { 'x-event-key': 'repo:push' }, payload: cloud },
    {
      title: 'of Bitbucket Data Center',
      sender: 'bitbucket',
      headers: { 'x-event-key': 'repo:refs_changed' },
      payload: server,
    },
    { title: 'of anybody with a signature', sender: 'generic', headers: {}, payload: { repository: url } },
    {
      title: 'of anybody by Standard Webhooks',
      sender: 'generic',
      headers: {},
      payload: { repositories: [url] },
      standard: true,
    },
  ];
}
