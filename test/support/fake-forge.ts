/**
 * The parts of the APIs of GitHub, GitLab and Gitea that are used here, with the paths, codes, pages and error bodies that
 * their documents describe. What it is told to fail with comes first.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ForgeKind } from '../../src/domain/forge/forge.js';

export interface FakeReply {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body: Record<string, unknown>;
}

interface Entry {
  readonly id: number;
  [field: string]: unknown;
}

const token = 'f0rg3-t0ken-c4nary';

/** As the documents of each forge name them. */
const shapes = {
  github: {
    prefix: '',
    authorisation: ['authorization', `Bearer ${token}`],
    statuses: /^\/repos\/acme\/shop\/(?:commits\/([0-9a-f]{40})\/statuses|statuses\/([0-9a-f]{40}))$/,
    comments: /^\/repos\/acme\/shop\/issues\/(\d+)\/comments$/,
    comment: /^\/repos\/acme\/shop\/issues\/comments\/(\d+)$/,
    edit: 'PATCH',
    state: 'state',
    name: 'context',
    pageSize: 'per_page',
    pageMost: 100,
    unauthorised: { message: 'Bad credentials', documentation_url: 'https://docs.github.com/rest', status: '401' },
    missing: { message: 'Not Found', documentation_url: 'https://docs.github.com/rest', status: '404' },
  },
  gitlab: {
    prefix: '/api/v4',
    authorisation: ['private-token', token],
    statuses: /^\/projects\/acme%2Fshop\/(?:repository\/commits\/([0-9a-f]{40})\/statuses|statuses\/([0-9a-f]{40}))$/,
    comments: /^\/projects\/acme%2Fshop\/merge_requests\/(\d+)\/notes$/,
    comment: /^\/projects\/acme%2Fshop\/merge_requests\/\d+\/notes\/(\d+)$/,
    edit: 'PUT',
    state: 'status',
    name: 'name',
    pageSize: 'per_page',
    pageMost: 100,
    unauthorised: { message: '401 Unauthorized' },
    missing: { message: '404 Project Not Found' },
  },
  gitea: {
    prefix: '/api/v1',
    authorisation: ['authorization', `token ${token}`],
    statuses: /^\/repos\/acme\/shop\/(?:commits\/([0-9a-f]{40})\/statuses|statuses\/([0-9a-f]{40}))$/,
    comments: /^\/repos\/acme\/shop\/issues\/(\d+)\/comments$/,
    comment: /^\/repos\/acme\/shop\/issues\/comments\/(\d+)$/,
    edit: 'PATCH',
    state: 'status',
    name: 'context',
    pageSize: 'limit',
    pageMost: 50,
    unauthorised: { message: 'token is required', url: 'http://forge.example/api/swagger' },
    missing: { message: "The target couldn't be found.", errors: [], url: 'http://forge.example/api/swagger' },
  },
} as const;

export class FakeForge {
  readonly token = token;
  readonly asked: Asked[] = [];
  readonly statuses: Entry[] = [];
  readonly comments: Entry[] = [];
  /** Answered first, in this order. */
  readonly failures: FakeReply[] = [];
  /** Every answer waits for it. */
  hold: Promise<void> | undefined;
  private ids = 0;

  private constructor(
    readonly kind: ForgeKind,
    private readonly server: Server,
  ) {
    server.on('request', (request: IncomingMessage, response: ServerResponse) => void this.answer(request, response));
  }

  static async start(kind: ForgeKind): Promise<FakeForge> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new FakeForge(kind, server);
  }

  get api(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}${shapes[this.kind].prefix}`;
  }

  /** What it holds for a commit, oldest first, in the words of all forges. */
  posted(commit?: string): { state: string; description: unknown; context: unknown; target_url: unknown }[] {
    const { state, name } = shapes[this.kind];
    return this.statuses
      .filter((entry) => commit === undefined || entry['sha'] === commit)
      .map((entry) => ({
        state: String(entry[state]).replace('failed', 'failure'),
        description: entry['description'],
        context: entry[name],
        target_url: entry['target_url'],
      }));
  }

  clear(): void {
    for (const list of [this.asked, this.statuses, this.comments, this.failures]) list.length = 0;
  }

  addComment(pull: number, body: string): Entry {
    const entry = { id: ++this.ids, pull, body };
    this.comments.push(entry);
    return entry;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', this.api);
    const body = await bodyOf(request);
    const method = request.method ?? '';
    this.asked.push({ method, path: `${url.pathname}${url.search}`, body });
    await this.hold;
    const [header, value] = shapes[this.kind].authorisation;
    const allowed = request.headers[header] === value;
    const reply = this.failures.shift() ?? (allowed ? this.reply(method, url, body) : this.unauthorised());
    const text = typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body ?? {});
    response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers }).end(text);
  }

  private unauthorised(): FakeReply {
    return { status: 401, body: shapes[this.kind].unauthorised };
  }

  private reply(method: string, url: URL, body: Record<string, unknown>): FakeReply {
    const { prefix, statuses, comments, comment, edit, missing } = shapes[this.kind];
    const path = url.pathname.startsWith(prefix) ? url.pathname.slice(prefix.length) : '';
    const [, readSha, sha] = statuses.exec(path) ?? [];
    if (readSha !== undefined && method === 'GET') return this.page(url, this.statusesOf(readSha, url));
    if (sha !== undefined && method === 'POST') return this.addStatus(sha, body);
    const pull = comments.exec(path)?.[1];
    if (pull !== undefined && method === 'GET') return this.page(url, this.commentsOf(Number(pull)));
    if (pull !== undefined && method === 'POST')
      return { status: 201, body: this.addComment(Number(pull), String(body['body'])) };
    const edited = this.comments.find(({ id }) => id === Number(comment.exec(path)?.[1]));
    if (edited === undefined || method !== edit) return { status: 404, body: missing };
    edited['body'] = body['body'];
    return { status: 200, body: edited };
  }

  private statusesOf(sha: string, url: URL): Entry[] {
    const name = url.searchParams.get('name');
    const found = this.statuses.filter((entry) => entry['sha'] === sha && (name === null || entry['name'] === name));
    return found.reverse();
  }

  private commentsOf(pull: number): Entry[] {
    return this.comments.filter((entry) => entry['pull'] === pull);
  }

  private addStatus(
    sha: string,
    { state, context, name, description, target_url }: Record<string, unknown>,
  ): FakeReply {
    const shape = shapes[this.kind];
    const said = context ?? name;
    const last = this.statuses.findLast((entry) => entry['sha'] === sha && entry[shape.name] === said);
    if (this.kind === 'gitlab' && state === 'pending' && last?.['status'] === 'pending')
      return {
        status: 400,
        body: {
          message:
            'Cannot transition status via :enqueue from :pending (Reason(s): Status cannot transition via "enqueue")',
        },
      };
    const created_at = new Date().toISOString().replace(/\.\d+/, this.kind === 'gitlab' ? '$&' : '');
    const entry = {
      id: ++this.ids,
      sha,
      [shape.state]: state,
      [shape.name]: said,
      description,
      target_url,
      created_at,
    };
    this.statuses.push(entry);
    return { status: 201, body: entry };
  }

  /** GitLab lists notes in pages as well; Gitea gives all comments of an issue at once. */
  private page(url: URL, entries: readonly Entry[]): FakeReply {
    const { pageSize, pageMost } = shapes[this.kind];
    if (this.kind === 'gitea' && url.pathname.includes('/issues/')) return { status: 200, body: entries };
    const size = Math.min(pageMost, Number(url.searchParams.get(pageSize) ?? 30));
    const page = Number(url.searchParams.get('page') ?? 1);
    const next = new URL(url);
    next.searchParams.set('page', String(page + 1));
    const more = entries.length > page * size;
    const link: Record<string, string> = more ? { link: `<${next.href}>; rel="next", <${url.href}>; rel="first"` } : {};
    return { status: 200, body: entries.slice((page - 1) * size, page * size), headers: link };
  }
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
}
