/**
 * What an application knows about drift, and when it corrects it. Plain functions of plain data.
 */
import type { ApplicationSpec, Destination } from '../domain/application.js';
import { semanticallyEqual } from '../domain/diff/semantic-equality.js';
import { acceptedAfter, type AcceptedSet } from '../domain/drift/accepted-set.js';
import { corrected, foughtOver, healPauseMs, inARow, remainingPauseMs } from '../domain/drift/heal-pause.js';
import type { SyncRecord } from '../domain/sync-record.js';
import type {
  ApplicationState,
  DriftObserved,
  DriftOver,
  KnownDrift,
  NumberedRequest,
  ShownDrift,
  SyncRequest,
} from './messages.js';

/** The same state when this is no news: heard twice, or of a set that is no longer the accepted one. */
export function withDrift(state: ApplicationState, { confirmed, at, ...drift }: DriftObserved): ApplicationState {
  if (state.accepted?.confirmed !== confirmed) return state;
  const { since = at, seen: _seen, ...known } = state.drift ?? {};
  if (semanticallyEqual(known, drift)) return state;
  return { ...state, drift: { ...drift, since, seen: at } };
}

export function withoutDrift(state: ApplicationState, { confirmed }: DriftOver): ApplicationState {
  return state.drift === undefined || state.accepted?.confirmed !== confirmed ? state : { ...state, drift: undefined };
}

/** What a run leaves: a set that it confirmed has not drifted; corrections in a row are forgotten with a new sync. */
export function afterRun(
  state: ApplicationState,
  request: NumberedRequest,
  record: SyncRecord,
  destination: Destination,
): Pick<ApplicationState, 'accepted' | 'drift' | 'corrections'> {
  const accepted = acceptedAfter(state.accepted, request, record, state.healthySets, destination);
  const { drift, corrections } = isConfirmed(state.accepted, accepted) ? {} : state;
  if (request.operation !== 'heal') return { accepted, drift, corrections };
  const at = Date.parse(record.finishedAt ?? record.startedAt);
  return { accepted, drift, corrections: corrected(state.corrections, at, state.drift?.objects ?? []) };
}

function isConfirmed(before: AcceptedSet | undefined, after: AcceptedSet | undefined): boolean {
  return before?.confirmed !== after?.confirmed;
}

/** A declaration that moved the application says nothing of what lies where it points now. */
export function afterMove(state: ApplicationState, destination: Destination): ApplicationState {
  if (state.accepted === undefined || semanticallyEqual(state.accepted.destination, destination)) return state;
  return { ...state, accepted: undefined, drift: undefined };
}

/** How long from `now` on until drift is corrected; undefined when it is not to be, or there is none. */
export function healPause({ selfHeal }: ApplicationSpec, state: ApplicationState, now: number): number | undefined {
  const { drift, accepted, suspended, waiting, correctionsOff, corrections } = state;
  if (!selfHeal || drift === undefined || accepted === undefined || drift.stoppedForAll || correctionsOff)
    return undefined;
  if (suspended !== undefined || waiting !== undefined) return undefined;
  return remainingPauseMs(corrections, now);
}

/** The request that corrects this drift. */
export function healRequest({ fields, count }: KnownDrift): SyncRequest {
  const [first = ''] = fields;
  const why = count === 1 ? first : `${first} and ${count - 1} more`;
  return { operation: 'heal', trigger: 'drift', who: 'self-heal', why };
}

export function shownDrift({ selfHeal }: ApplicationSpec, state: ApplicationState): ShownDrift | undefined {
  const { drift, corrections } = state;
  if (drift === undefined) return undefined;
  const seen = Date.parse(drift.seen);
  const count = inARow(corrections, seen);
  const next = Date.parse(corrections?.at ?? drift.seen) + healPauseMs(count);
  const fought = foughtOver(corrections, seen, drift.objects);
  const fight = drift.fields.filter((line) => fought.some((object) => line.startsWith(object))).join('; ');
  return {
    ...drift,
    ...(selfHeal && count > 0 && next > seen ? { next: new Date(next).toISOString() } : {}),
    ...(fight === '' ? {} : { fight }),
  };
}
