/**
 * One repository: the commits last seen on its branches, and the applications that want to hear of new ones.
 * `repository/<id>`. Idle it costs nothing: a sweep reads its memo and signals only when a branch moved.
 */
import {
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  getExternalWorkflowHandle,
  isCancellation,
  setCurrentDetails,
  setHandler,
  upsertMemo,
  workflowInfo,
} from '@temporalio/workflow';
import type { CredentialsReference } from '../domain/application.js';
import {
  describeRepositoryUpdate,
  headsObservedSignal,
  revisionObservedSignal,
  subscribeSignal,
  unsubscribeSignal,
  workflowIds,
  type RepositoryInput,
  type RepositoryMemo,
  type RepositoryState,
  type Subscriber,
} from './messages.js';
import { longStep } from './steps.js';

const empty: RepositoryState = { version: 1, subscribers: {}, heads: {}, trees: {} };

/** Never ends; a cancellation from outside is not heard. */
export async function repository(input: RepositoryInput): Promise<void> {
  const repo = new Repository(input);
  repo.listen();
  await CancellationScope.nonCancellable(() => serve(repo));
}

async function serve(repo: Repository): Promise<void> {
  for (;;) {
    await condition(() => repo.hasMoved || workflowInfo().continueAsNewSuggested);
    if (repo.hasMoved) await repo.notify();
    else break;
  }
  await condition(allHandlersFinished);
  await continueAsNew<typeof repository>(repo.input());
}

class Repository {
  private url: string;
  private credentials: CredentialsReference | undefined;
  private state: RepositoryState;
  /** Branch -> commit that nobody was told of yet. */
  private moved: Readonly<Record<string, string>> = {};

  constructor(private readonly initial: RepositoryInput) {
    this.url = initial.url;
    this.credentials = initial.credentials;
    this.state = initial.state ?? empty;
    if (initial.state !== undefined) this.remember(); // a new run starts without the memo of the one before
  }

  get hasMoved(): boolean {
    return Object.keys(this.moved).length > 0;
  }

  input(): RepositoryInput {
    const credentials = this.credentials === undefined ? {} : { credentials: this.credentials };
    return { id: this.initial.id, url: this.url, ...credentials, state: this.state };
  }

  listen(): void {
    setHandler(subscribeSignal, (subscriber) => this.subscribe(subscriber), {
      description: 'An application wants to hear of new commits',
    });
    setHandler(unsubscribeSignal, ({ app }) => this.unsubscribe(app), {
      description: 'An application no longer wants to hear',
    });
    setHandler(headsObservedSignal, (heads) => this.observe(heads), { description: 'What git ls-remote saw' });
    setHandler(describeRepositoryUpdate, (change) => this.describe(change), {
      description: 'Change address or credentials',
    });
  }

  private describe({
    url,
    credentials,
    branch,
  }: {
    url: string;
    credentials?: CredentialsReference;
    branch?: string;
  }): void {
    this.url = url;
    this.credentials = credentials;
    if (branch !== undefined) this.state = { ...this.state, defaultBranch: branch };
    this.remember();
  }

  private subscribe(subscriber: Subscriber): void {
    const { app, source } = subscriber;
    const key = source === undefined ? app : `${app}#${source}`;
    this.state = { ...this.state, subscribers: { ...this.state.subscribers, [key]: subscriber } };
    this.remember();
  }

  private unsubscribe(app: string): void {
    const others = Object.entries(this.state.subscribers).filter(([, subscriber]) => subscriber.app !== app);
    this.state = { ...this.state, subscribers: Object.fromEntries(others) };
    this.remember();
  }

  private observe(heads: Readonly<Record<string, string>>): void {
    const news = Object.entries(heads).filter(([branch, commit]) => this.state.heads[branch] !== commit);
    this.moved = { ...this.moved, ...Object.fromEntries(news) };
  }

  /**
   * Tells each subscriber of a moved branch whose own path changed. A branch whose trees could not be read keeps its
   * old head, so the next sweep reports it again.
   */
  async notify(): Promise<void> {
    const { moved } = this;
    this.moved = {};
    for (const [branch, commit] of Object.entries(moved))
      await this.branchMoved(branch, commit).catch(rethrowCancellation);
    this.remember();
  }

  private async branchMoved(branch: string, commit: string): Promise<void> {
    const subscribers = Object.values(this.state.subscribers).filter((s) => s.branch === branch);
    const trees = await this.treesAt(commit, branch, [...new Set(subscribers.flatMap(pathsOf))]);
    const isNews = (path: string): boolean => trees[path] !== this.state.trees[`${branch}:${path}`];
    for (const one of subscribers.filter((s) => pathsOf(s).some(isNews))) await this.tell(one, commit);
    const known = Object.entries(trees).map(([path, tree]) => [`${branch}:${path}`, tree]);
    const heads = { ...this.state.heads, [branch]: commit };
    this.state = { ...this.state, heads, trees: { ...this.state.trees, ...Object.fromEntries(known) } };
  }

  private async treesAt(commit: string, branch: string, paths: string[]): Promise<Readonly<Record<string, string>>> {
    if (paths.length === 0) return {};
    const credentials = this.credentials === undefined ? {} : { credentials: this.credentials };
    const source = { repositoryId: this.initial.id, url: this.url, branch, path: '.', ...credentials };
    return longStep(`look which of ${paths.length} paths ${branch} ${commit.slice(0, 8)} changed`).treeHashes({
      source,
      commit,
      paths,
    });
  }

  private async tell({ app, source }: Subscriber, revision: string): Promise<void> {
    const place = source === undefined ? {} : { repository: this.url };
    await getExternalWorkflowHandle(workflowIds.application(app))
      .signal(revisionObservedSignal, { revision, ...place })
      .catch(() => this.unsubscribe(app));
  }

  private remember(): void {
    const { subscribers, heads, defaultBranch } = this.state;
    const wanted = Object.values(subscribers);
    const memo: RepositoryMemo = {
      id: this.initial.id,
      url: this.url,
      heads,
      branches: [...new Set(wanted.map((s) => s.branch))],
      intervalMs: wanted.length === 0 ? 0 : Math.min(...wanted.map((s) => s.intervalMs)),
      ...(defaultBranch === undefined ? {} : { branch: defaultBranch }),
      ...(this.credentials === undefined ? {} : { credentials: this.credentials }),
    };
    upsertMemo({ ...memo });
    setCurrentDetails(`${this.url}\n\n${wanted.map((s) => `- ${s.app}: ${s.branch} ${s.path}`).join('\n')}`);
  }
}

function pathsOf({ path, also = [] }: Subscriber): readonly string[] {
  return [path, ...also];
}

function rethrowCancellation(error: unknown): void {
  if (isCancellation(error)) throw error;
}
