/**
 * One application, for as long as it exists: the inbox for everything anybody wants of it, and the one place that
 * starts its syncs, one at a time. `gitops/<id>`.
 *
 * Handlers above, one loop below. A handler changes state and answers at once; the loop starts the next sync, waits
 * for it and writes down how it ended. State crosses continue-as-new whole, between two syncs.
 */
import {
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  patched,
  setCurrentDetails,
  upsertMemo,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { ApplicationSpec } from '../domain/application.js';
import { describeGate } from '../domain/gate.js';
import type { SyncRecord } from '../domain/sync-record.js';
import { tellAnnouncement } from './announcer.js';
import { isOfCommit } from '../domain/urgency.js';
import { afterMove } from './application-drift.js';
import { Commits } from './application-commits.js';
import { AwaitedDependencies, waitsForOthers } from './application-dependencies.js';
import { Dependents } from './application-dependents.js';
import { applicationDetails } from './application-details.js';
import { againOf, isChanged, WaitingSync } from './application-gate.js';
import { listen } from './application-handlers.js';
import { memoOf } from './application-memo.js';
import { Plans } from './application-plans.js';
import { retryAfter } from './application-retry.js';
import {
  afterSync,
  initialState,
  isRefusedByWindow,
  mayStart,
  statusOf,
  unrunRecord,
  withRecord,
} from './application-state.js';
import {
  workflowIds,
  type ApplicationInput,
  type ApplicationState,
  type GateChanged,
  type ApplicationStatus,
  type DependencyAnswer,
  type NumberedRequest,
  type SyncRequest,
  type SyncTicket,
} from './messages.js';
import { keepingCommit, seenBy } from './observed-revision.js';
import { interrupted, keepInterrupted, runSync, Watchers } from './application-syncs.js';
import { applicationAttributes, previewMark } from './search-attributes.js';

/** Ends when the application is deleted, and in no other way: a cancellation from outside is not heard. */
export async function application(input: ApplicationInput): Promise<void> {
  const app = new Application(input);
  listen(app);
  await CancellationScope.nonCancellable(() => serve(app));
}

async function serve(app: Application): Promise<void> {
  await app.rejoin();
  while (!app.deleted) {
    await condition(() => app.isCalled || app.plans.any);
    if (!app.isCalled) await app.plans.act();
    else if (app.dependents.mustBeTold) await app.dependents.tell();
    else if (app.mustAsk) await app.askDependencies();
    else if (app.hasWork) await app.runNext();
    else if (workflowInfo().continueAsNewSuggested) await handOver(app);
  }
  app.dropWaiting();
  await condition(allHandlersFinished);
}

/** Continues as a new run once no handler is half-way, so that no request is lost. */
async function handOver(app: Application): Promise<void> {
  await condition(allHandlersFinished);
  if (!app.hasWork) await continueAsNew<typeof application>({ spec: app.spec, state: app.state });
}

export class Application {
  spec: ApplicationSpec;
  state: ApplicationState;
  running: NumberedRequest | undefined;
  readonly waitingSync: WaitingSync;
  readonly awaited = new AwaitedDependencies();
  readonly dependents = new Dependents(this);
  readonly commits = new Commits(this);
  readonly plans = new Plans(this);
  private readonly watchers = new Watchers();

  constructor(input: ApplicationInput) {
    this.spec = input.spec;
    const { atGate, ...state } = input.state ?? initialState(input.firstSync);
    this.state = state;
    this.waitingSync = new WaitingSync(this.spec.id, atGate);
    this.running = atGate?.request;
    this.watchers.add(atGate?.request.number ?? 0, atGate?.request.notify);
    this.watchers.add(this.state.waiting?.number ?? 0, this.state.waiting?.notify);
    if (input.state !== undefined) upsertMemo(memoOf(this.spec)); // a new run starts with the first run's memo
    this.show(input.state !== undefined);
  }

  get hasWork(): boolean {
    const { held } = this;
    return mayStart(this.state) && (held === undefined || this.awaited.letPass(this.spec, held));
  }

  /** The request that waits for the applications this one depends on. */
  get held(): NumberedRequest | undefined {
    const { waiting } = this.state;
    return waiting !== undefined && mayStart(this.state) && waitsForOthers(this.spec, waiting) ? waiting : undefined;
  }

  get mustAsk(): boolean {
    return this.held !== undefined && this.awaited.mustAsk(this.spec, this.held);
  }

  /** Something is to be done now. */
  get isCalled(): boolean {
    return (
      this.hasWork ||
      this.mustAsk ||
      this.dependents.mustBeTold ||
      this.deleted ||
      workflowInfo().continueAsNewSuggested
    );
  }

  get deleted(): boolean {
    return this.state.deleted === true;
  }

  // What handlers do

  /** Queues a request. At most one waits: an equal one is joined, a newer one replaces it. */
  request(request: SyncRequest, reason = 'A newer request took its place'): SyncTicket {
    const { waiting } = this.state;
    if (waiting !== undefined && sameWork(waiting, request)) return this.ticket(waiting.number, request.notify);
    if (waiting !== undefined) this.supersede(waiting);
    this.state = keepingCommit(this.state, waiting, request);
    const numbered = { ...request, number: this.state.nextSync, requestedAt: new Date().toISOString() };
    this.state = { ...this.state, waiting: numbered, nextSync: numbered.number + 1 };
    this.endWait(reason, request);
    return this.ticket(numbered.number, request.notify);
  }

  private ticket(number: number, notify: string | undefined): SyncTicket {
    this.watchers.add(number, notify);
    const workflowId = workflowIds.sync(this.spec.id, number);
    return { app: this.spec.id, sync: `sync-${number}`, workflowId, queued: this.running !== undefined };
  }

  private supersede(waiting: NumberedRequest, message = 'A newer request took its place before it started'): void {
    const record = unrunRecord(this.spec.id, waiting, 'superseded', message, new Date().toISOString());
    this.state = withRecord(this.state, record);
    void this.watchers.tell(record);
  }

  hearAnswer(answer: DependencyAnswer): void {
    this.awaited.hear(answer);
    this.show();
  }

  /** News of drift; nothing is written for what was known. */
  hear(state: ApplicationState): void {
    if (state === this.state) return;
    this.state = state;
    this.show(true);
  }

  /** Off means that nothing happens by itself any more: drift is not corrected either. */
  setAutoSync(enabled: boolean): void {
    this.state = { ...this.state, correctionsOff: enabled ? undefined : true };
    const { trigger = 'manual' } = this.waitingSync.request ?? {};
    if (!enabled && trigger !== 'manual' && trigger !== 'script') this.endWait('Auto-sync was turned off');
    this.setSpec({ ...this.spec, autoSync: enabled });
  }

  configure({ spec, hold }: { spec: ApplicationSpec; hold?: boolean }): { created: boolean } {
    const created = this.state.nextSync === (this.state.firstSync ?? 1) && this.state.waiting === undefined;
    const changed = isChanged(this.spec, spec);
    this.state = { ...afterMove(this.state, spec.destination), correctionsOff: undefined };
    const previews = spec.previews !== undefined && this.spec.previews === undefined;
    this.setSpec({ ...spec, createdAt: this.spec.createdAt });
    if (changed) this.askAgain('The application was declared anew');
    if (previews) upsertSearchAttributes(previewMark(spec));
    if (created && spec.autoSync && hold !== true)
      this.request({ trigger: 'created', who: 'auto-sync', why: 'first sync' });
    return { created };
  }

  private setSpec(spec: ApplicationSpec): void {
    this.spec = spec;
    upsertMemo(memoOf(spec));
    this.show();
  }

  suspend({ who = 'unknown', why = '' }: { who?: string; why?: string }): void {
    this.state = { ...this.state, suspended: { who, why, at: new Date().toISOString() } };
    this.askAgain('The application was suspended');
    this.show();
  }

  resume(): void {
    const { suspended: _lifted, ...state } = this.state;
    this.state = state;
    this.commits.takeUp();
    this.show();
  }

  delete({ prune = true, who, notify }: { prune?: boolean; who?: string; notify?: string }): SyncTicket | null {
    if (prune) {
      return this.request({
        operation: 'delete',
        who: who ?? 'unknown',
        why: 'application deleted',
        ...(notify ? { notify } : {}),
      });
    }
    this.state = { ...this.state, deleted: true };
    this.endWait('The application was deleted');
    return null;
  }

  /** What still waits when the application ends will not be done: whoever waits for it is told. */
  dropWaiting(): void {
    const { waiting, ...state } = this.state;
    if (waiting === undefined) return;
    this.state = state;
    this.supersede(waiting, 'The application was deleted before it started');
  }

  get leaving(): boolean {
    return this.deleted || [this.running, this.state.waiting].some((request) => request?.operation === 'delete');
  }

  // What the loop does

  async askDependencies(): Promise<void> {
    if (this.held !== undefined) await this.awaited.ask(this.spec, this.held);
    this.show();
  }

  async runNext(): Promise<void> {
    const request = this.takeWaiting();
    if (isOfCommit(request.trigger) && this.commits.isSettled(seenBy(request))) return this.skip(request);
    this.show();
    const { spec } = this;
    await this.finish(request, await this.orHandOver(runSync(this.spec, this.state, request)), spec);
  }

  /** A sync that has waited since an earlier run of this application is heard of at its end. */
  async rejoin(): Promise<void> {
    const request = this.running;
    if (request === undefined) return;
    const { spec } = this;
    const record = await this.orHandOver(this.waitingSync.untilEnded());
    await this.finish(request, record ?? interrupted(this.spec, request), spec);
  }

  private async finish(request: NumberedRequest, ended: SyncRecord, spec: ApplicationSpec): Promise<void> {
    const record = isUnstored(ended) ? await keepInterrupted(spec, this.state, request, ended) : ended;
    this.running = undefined;
    this.waitingSync.forget();
    this.state = afterMove(afterSync(this.state, request, record, spec.destination), this.spec.destination);
    const retry = retryAfter(this.state.retry, request, record);
    if (retry !== this.state.retry && patched('auto-sync-retries')) this.state = { ...this.state, retry };
    const gone = request.operation === 'delete' && record.status === 'succeeded';
    if (gone) this.state = { ...this.state, deleted: true };
    this.show(true);
    await this.watchers.tell(record);
    await tellAnnouncement(spec, request, record);
    this.commits.takeUp(isRefusedByWindow(record));
  }

  /** While a sync waits, perhaps for months, the application may go on as a new run; it ends in no other way. */
  private async orHandOver<T>(end: Promise<T>): Promise<T> {
    let ended = false;
    const note = (): void => void (ended = true);
    end.then(note, note);
    await condition(() => ended || this.mayLeaveWaiting);
    if (ended) return end;
    return continueAsNew<typeof application>({ spec: this.spec, state: { ...this.state, ...this.waitingSync.atGate } });
  }

  private get mayLeaveWaiting(): boolean {
    return workflowInfo().continueAsNewSuggested && this.waitingSync.isQuiet && !this.deleted && allHandlersFinished();
  }

  hearGate(news: GateChanged): void {
    if (!this.waitingSync.hear(news, this.running)) return;
    this.makeRoom();
    this.show(true);
  }

  /** What was asked for while it planned goes first, unless it is the very commit that waits now. */
  private makeRoom(): void {
    const { waiting, ...state } = this.state;
    if (waiting === undefined) return;
    const seen = isOfCommit(waiting.trigger) ? seenBy(waiting) : undefined;
    if (seen === undefined || !this.waitingSync.isFor(seen))
      return this.endWait('A newer request took its place', waiting);
    this.state = state;
    this.supersede(waiting, 'The sync before it waits with this commit');
  }

  /** What waits is asked for anew: under the declaration as it is now, once the application is not suspended. */
  private askAgain(reason: string): void {
    const { request } = this.waitingSync;
    if (request !== undefined && this.state.waiting === undefined) this.request(againOf(request), reason);
  }

  /** What it brought is not lost where it was a commit: it comes after what took its place. */
  private endWait(reason: string, by: SyncRequest = {}): void {
    const { request } = this.waitingSync;
    if (request === undefined) return;
    this.state = keepingCommit(this.state, request, by);
    void this.waitingSync.supersede(reason);
  }

  /** The sync that ran meanwhile has dealt with this commit: a second run would bring nothing, or bring it back. */
  private skip(request: NumberedRequest): void {
    this.running = undefined;
    this.supersede(request, 'The sync before it dealt with this commit');
  }

  private takeWaiting(): NumberedRequest {
    const { waiting, ...state } = this.state;
    if (waiting === undefined) throw new Error('runNext is called only when a request waits');
    this.state = state;
    this.running = state.drift === undefined ? waiting : { ...waiting, drifted: true };
    return this.running;
  }

  // What observers see

  private runningRecord(): SyncRecord | undefined {
    if (this.running === undefined) return undefined;
    const { gate } = this.waitingSync;
    const message = gate === undefined ? 'Sync is running' : describeGate(gate);
    const { finishedAt: _open, ...record } = unrunRecord(this.spec.id, this.running, 'running', message, '');
    return gate === undefined ? record : { ...record, gate };
  }

  status(): ApplicationStatus {
    const waitsFor = this.held && this.awaited.shown(this.spec, this.held);
    return { ...statusOf(this.spec, this.state, this.runningRecord()), ...(waitsFor && { waitsFor }) };
  }

  show(index = false): void {
    const status = this.status();
    setCurrentDetails(applicationDetails(status));
    if (index) upsertSearchAttributes(applicationAttributes(status)); // lists see running syncs for themselves
  }
}

/** Its run had no time to keep it: it was ended from outside, or before it began. */
function isUnstored({ status, reports }: SyncRecord): boolean {
  return (status === 'interrupted' || status === 'cancelled') && reports.length === 0;
}

/** True when joining the waiting request gives the new one all it asked for. */
function sameWork(waiting: NumberedRequest, request: SyncRequest): boolean {
  const essence = ({ operation, revision, dryRun, prune, resources, target, seen, set, alone }: SyncRequest): string =>
    JSON.stringify([operation ?? 'sync', revision, dryRun ?? false, prune, resources, target, seen, set, alone]);
  return essence(waiting) === essence(request);
}
