/**
 * One repository: the commits last seen on its branches, and the applications that want to hear of new ones.
 * `repository/<id>`. Idle it costs nothing: a sweep reads its memo and asks for a look only when a branch moved.
 *
 * It looks for itself, one look at a time. However many hints arrive, late, doubled or in any order, the commits its
 * applications hear of are in the order in which the repository had them.
 */
import {
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  getExternalWorkflowHandle,
  isCancellation,
  patched,
  setCurrentDetails,
  setHandler,
  upsertMemo,
  workflowInfo,
} from '@temporalio/workflow';
import type { MovedBranch } from '../activities/look-at-repository.js';
import type { CredentialsReference, GitSource } from '../domain/application.js';
import {
  describeRepositoryUpdate,
  headsObservedSignal,
  lookSignal,
  removeRepositoryUpdate,
  revisionObservedSignal,
  subscribeSignal,
  unsubscribeSignal,
  workflowIds,
  type Looker,
  type RepositoryInput,
  type RepositoryMemo,
  type RepositoryState,
  type Subscriber,
} from './messages.js';
import { phaseFailure } from './phase-failure.js';
import {
  afterFailedLook,
  afterLook,
  concernedBy,
  emptyRepository,
  followedBranches,
  mustBeToldNow,
  retryPauseMs,
  subscribed,
  unsubscribed,
} from './repository-state.js';
import { failureOf } from './retry.js';
import { longStep } from './steps.js';

/** Signals on their way at once; Temporal takes 2,000 of a workflow. */
const toldAtOnce = 100;

/** Ends when it is removed, and in no other way: a cancellation from outside is not heard. */
export async function repository(input: RepositoryInput): Promise<void> {
  const repo = new Repository(input);
  repo.listen();
  await CancellationScope.nonCancellable(() => serve(repo));
}

async function serve(repo: Repository): Promise<void> {
  do await repo.untilCalled();
  while (await repo.act());
  await condition(allHandlersFinished);
  if (repo.removed) return;
  await continueAsNew<typeof repository>(repo.input());
}

class Repository {
  removed = false;
  private url: string;
  private credentials: CredentialsReference | undefined;
  private state: RepositoryState;
  /** Who wants a look; a webhook's is the more urgent one. */
  private asked: Looker | undefined;
  /** Followers that have not heard where their branch stands. */
  private newcomers: Subscriber[] = [];
  /** Branch -> commit that an older sweep saw and nobody was told of yet. */
  private moved: Readonly<Record<string, string>> = {};

  constructor(private readonly initial: RepositoryInput) {
    this.url = initial.url;
    this.credentials = initial.credentials;
    this.state = initial.state ?? emptyRepository;
    if (initial.state !== undefined) this.remember(); // a new run starts without the memo of the one before
  }

  private get isCalled(): boolean {
    const moved = Object.keys(this.moved).length > 0;
    return moved || this.removed || this.asked !== undefined || workflowInfo().continueAsNewSuggested;
  }

  input(): RepositoryInput {
    return { id: this.initial.id, url: this.url, ...this.reference(), state: this.state };
  }

  listen(): void {
    const text = (description: string) => ({ description });
    setHandler(subscribeSignal, (one) => this.subscribe(one), text('An application wants to hear of new commits'));
    setHandler(unsubscribeSignal, ({ app }) => this.unsubscribe(app), text('An application no longer wants to hear'));
    setHandler(lookSignal, (hint) => this.ask(hint?.by ?? 'webhook'), text('Look now where the branches stand'));
    setHandler(headsObservedSignal, (heads) => this.observe(heads), text('What the git ls-remote of a sweep saw'));
    setHandler(describeRepositoryUpdate, (change) => this.describe(change), text('Change address or credentials'));
    setHandler(removeRepositoryUpdate, () => void (this.removed = true), {
      ...text('Forget the repository'),
      validator: () => this.mustBeFree(),
    });
  }

  // What handlers do

  private describe(change: { url: string; credentials?: CredentialsReference; branch?: string }): void {
    const { url, credentials, branch } = change;
    this.url = url;
    this.credentials = credentials;
    if (branch !== undefined) this.state = { ...this.state, defaultBranch: branch };
    this.remember();
  }

  /** Who follows it meanwhile starts it anew. */
  private mustBeFree(): void {
    const apps = new Set(Object.values(this.state.subscribers).map(({ app }) => app));
    if (apps.size === 0) return;
    const hint = 'delete these applications first, or turn their auto-sync off';
    throw phaseFailure('HasDependents', `${this.initial.id} is followed by ${[...apps].slice(0, 10).join(', ')}`, hint);
  }

  private subscribe(subscriber: Subscriber): void {
    if (mustBeToldNow(this.state, subscriber)) {
      this.newcomers.push(subscriber);
      this.ask('sweep');
    }
    this.state = subscribed(this.state, subscriber);
    this.remember();
  }

  private unsubscribe(app: string): void {
    this.state = unsubscribed(this.state, app);
    this.remember();
  }

  private ask(by: Looker): void {
    this.asked = this.asked === 'webhook' ? 'webhook' : by;
  }

  private observe(heads: Readonly<Record<string, string>>): void {
    const news = Object.entries(heads).filter(([branch, commit]) => this.state.heads[branch] !== commit);
    this.moved = { ...this.moved, ...Object.fromEntries(news) };
  }

  // What the loop does

  /** A look that failed is asked for again by itself. */
  async untilCalled(): Promise<void> {
    const pause = retryPauseMs(this.state);
    if (pause === undefined) return condition(() => this.isCalled);
    if (!(await condition(() => this.isCalled, pause))) this.ask(this.state.failing?.by ?? 'sweep');
  }

  /** @returns false when nothing is left but to go on as a new run */
  async act(): Promise<boolean> {
    if (Object.keys(this.moved).length > 0) await this.followMoved();
    else if (this.asked !== undefined && !this.removed) await this.look(this.asked);
    else return false;
    return true;
  }

  /** What arrives meanwhile asks for another look: nobody can say what this one saw of it. */
  private async look(by: Looker): Promise<void> {
    this.asked = undefined;
    const branches = followedBranches(this.state);
    const names = Object.keys(branches);
    if (names.length === 0) return void (this.state = afterLook(this.state, {}));
    const { failing } = this.state;
    const newcomers = this.newcomers.splice(0);
    try {
      const step = longStep(`look where ${names.join(', ')} of ${this.url} stand${names.length === 1 ? 's' : ''}`);
      const moved = await step.lookAtRepository({ source: this.source(), branches });
      for (const [branch, seen] of Object.entries(moved)) await this.tellOf(branch, seen, by);
      this.state = afterLook(this.state, moved);
      for (const one of newcomers) await this.tell(one, this.state.heads[one.branch] ?? '', by);
      if (failing !== undefined || Object.keys(moved).length > 0) this.remember();
    } catch (error) {
      if (isCancellation(error)) throw error;
      this.newcomers.unshift(...newcomers);
      this.state = afterFailedLook(this.state, by, failureOf(error).message);
      if (failing?.message !== this.state.failing?.message) this.remember();
    }
  }

  /** Whoever waits for nobody hears of it together, then the others, each after those it waits for. */
  private async tellOf(branch: string, seen: MovedBranch, by: Looker): Promise<void> {
    const concerned = concernedBy(this.state, branch, seen);
    const together =
      concerned.length > 1 && patched('told-together') ? concerned.filter((s) => s.after === undefined) : [];
    for (let from = 0; from < together.length; from += toldAtOnce)
      await Promise.all(together.slice(from, from + toldAtOnce).map((one) => this.tell(one, seen.commit, by)));
    const told = new Set(together);
    for (const one of concerned) if (!told.has(one)) await this.tell(one, seen.commit, by);
  }

  /** A branch whose trees could not be read keeps its old head, so the next sweep reports it again. */
  private async followMoved(): Promise<void> {
    const { moved } = this;
    this.moved = {};
    for (const [branch, commit] of Object.entries(moved))
      await this.branchMoved(branch, commit).catch(rethrowCancellation);
    this.remember();
  }

  private async branchMoved(branch: string, commit: string): Promise<void> {
    const paths = followedBranches(this.state)[branch]?.paths ?? [];
    const seen = { commit, trees: await this.treesAt(commit, branch, paths) };
    await this.tellOf(branch, seen, 'sweep');
    this.state = afterLook(this.state, { [branch]: seen });
  }

  private async treesAt(commit: string, branch: string, paths: readonly string[]): Promise<MovedBranch['trees']> {
    if (paths.length === 0) return {};
    const step = longStep(`look which of ${paths.length} paths ${branch} ${commit.slice(0, 8)} changed`);
    return step.treeHashes({ source: { ...this.source(), branch }, commit, paths });
  }

  private async tell({ app, source }: Subscriber, revision: string, by: Looker): Promise<void> {
    const place = source === undefined ? {} : { repository: this.url };
    await getExternalWorkflowHandle(workflowIds.application(app))
      .signal(revisionObservedSignal, { revision, ...place, ...(by === 'webhook' ? { by } : {}) })
      .catch(() => this.unsubscribe(app));
  }

  private source(): GitSource {
    return { repositoryId: this.initial.id, url: this.url, branch: '', path: '.', ...this.reference() };
  }

  private reference(): { credentials?: CredentialsReference } {
    return this.credentials === undefined ? {} : { credentials: this.credentials };
  }

  private remember(): void {
    const { subscribers, heads, defaultBranch, failing } = this.state;
    const wanted = Object.values(subscribers);
    const intervals = wanted.map((s) => s.intervalMs).filter((ms) => ms > 0);
    const memo: RepositoryMemo = {
      id: this.initial.id,
      url: this.url,
      heads,
      branches: [...new Set(wanted.map((s) => s.branch))],
      intervalMs: intervals.length === 0 ? 0 : Math.min(...intervals),
      followers: new Set(wanted.map((s) => s.app)).size,
      ...(failing === undefined ? {} : { unreachable: failing.message }),
      ...(defaultBranch === undefined ? {} : { branch: defaultBranch }),
      ...this.reference(),
    };
    // A memo is merged: what is no longer so has to be taken out by name.
    upsertMemo({ ...memo, ...(failing === undefined ? { unreachable: null } : {}) });
    setCurrentDetails(`${this.url}\n\n${wanted.map((s) => `- ${s.app}: ${s.branch} ${s.path}`).join('\n')}`);
  }
}

function rethrowCancellation(error: unknown): void {
  if (isCancellation(error)) throw error;
}
