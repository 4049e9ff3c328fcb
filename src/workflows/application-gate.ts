/**
 * The sync of an application that waits at its gate, as the application knows it: what it waits for, how it is told that
 * its wait is over, and how its end is heard by an application that has gone on as a new run meanwhile.
 */
import { condition, getExternalWorkflowHandle } from '@temporalio/workflow';
import { canonicalJson } from '../domain/canonical-json.js';
import type { ApplicationSpec } from '../domain/application.js';
import { describeClosed, type Gate } from '../domain/gate.js';
import type { SyncRecord } from '../domain/sync-record.js';
import {
  supersedeSignal,
  workflowIds,
  type ApplicationState,
  type GateChanged,
  type NumberedRequest,
  type RevisionObserved,
} from './messages.js';
import { phaseFailure } from './phase-failure.js';

type AtGate = NonNullable<ApplicationState['atGate']>;

export class WaitingSync {
  private current: AtGate | undefined;
  private ended: SyncRecord | undefined;
  /** Somebody terminated it: it does not answer. */
  private gone = false;

  constructor(
    private readonly app: string,
    atGate: AtGate | undefined,
  ) {
    this.current = atGate;
  }

  /** What it waits for; undefined when no sync waits. */
  get gate(): Gate | undefined {
    return this.current?.gate;
  }

  get request(): NumberedRequest | undefined {
    return this.current?.request;
  }

  /** For the state that crosses to a new run. */
  get atGate(): Pick<ApplicationState, 'atGate'> {
    return this.current === undefined ? {} : { atGate: this.current };
  }

  /** Nothing of it is under way, so that an application may go on as a new run without it. */
  get isQuiet(): boolean {
    return this.current !== undefined && this.ended === undefined;
  }

  /** @returns whether this is news of the sync that runs */
  hear({ sync, gate, revision }: GateChanged, running: NumberedRequest | undefined): boolean {
    if (running?.number !== sync) return false;
    this.current =
      gate === null ? undefined : { request: running, gate, ...(revision === undefined ? {} : { revision }) };
    return true;
  }

  /** It waits with that commit, whether it was asked for it or for whatever the branch holds. */
  isFor({ repository, revision }: RevisionObserved): boolean {
    return repository === undefined && revision === this.current?.revision;
  }

  hearEnd(record: SyncRecord, running: NumberedRequest | undefined): void {
    if (record.number === running?.number) this.ended = record;
  }

  /** Its wait ends; one that has passed its gate by then goes on. */
  async supersede(reason: string): Promise<void> {
    if (this.current === undefined) return;
    const id = workflowIds.sync(this.app, this.current.request.number);
    await getExternalWorkflowHandle(id)
      .signal(supersedeSignal, { reason })
      .catch(() => (this.gone = true));
  }

  /** For a run that is not its parent. @returns undefined when it ended without a word */
  async untilEnded(): Promise<SyncRecord | undefined> {
    await condition(() => this.ended !== undefined || this.gone);
    return this.ended;
  }

  forget(): void {
    this.current = undefined;
    this.ended = undefined;
  }
}

/** What was asked for, to be asked for again. */
export function againOf({ number: _number, requestedAt: _at, drifted: _drifted, ...request }: NumberedRequest) {
  return request;
}

/** Declared with other fields than before. */
export function isChanged(before: ApplicationSpec, after: ApplicationSpec): boolean {
  const essence = ({ createdAt: _created, ...spec }: ApplicationSpec): string => canonicalJson(spec);
  return essence(before) !== essence(after);
}

/** A sync by hand would be refused, and must not take the place of the one that waits. @throws SyncWindowClosed */
export function mustBeOpen(gate: Gate | undefined, dryRun: boolean | undefined): void {
  const closed = gate?.closed;
  if (closed === undefined || closed.manual || dryRun) return;
  if (Date.parse(closed.opensAt ?? '') <= Date.now()) return; // looked at before it opened
  throw phaseFailure(
    'SyncWindowClosed',
    describeClosed(closed),
    'a sync waits for that already: sloth-runner app get NAME',
  );
}
