/**
 * Sync windows: when an application may be synced. Time zones and daylight saving are the concern of the machine that
 * computes them (Intl), so workflows do not import this: an activity does, and its answer stands in the history.
 *
 * Rules, as Argo CD has them: an active deny beats every allow; where a layer has allow windows, it is closed outside of
 * them; without windows it is open. Layers (the operator's windows, the application's own) must all be open, so that one
 * can only restrict what another one allows.
 */
import { Cron } from 'croner';
import { GitOpsError } from './errors.js';
import { globMatches } from './policy/glob.js';

export interface SyncWindow {
  readonly kind: 'allow' | 'deny';
  /** When it begins: cron with five fields. */
  readonly schedule: string;
  readonly durationMs: number;
  /** IANA name in which the schedule is read. */
  readonly timeZone: string;
  /** Globs; the window is about what fits all that are given. */
  readonly applications?: readonly string[];
  readonly environments?: readonly string[];
  readonly clusters?: readonly string[];
  readonly namespaces?: readonly string[];
  /** A person may sync although it closes. */
  readonly manual?: true;
  readonly description?: string;
}

/** What globs are matched with. */
export interface WindowPlace {
  readonly name: string;
  readonly environment?: string;
  readonly cluster: string;
  readonly namespace?: string;
}

export interface Closed {
  /** The window that closes, or that would have to open, in words. */
  readonly by: string;
  /** A person may sync nevertheless. */
  readonly manual: boolean;
  /** RFC 3339; absent when no opening is in sight. */
  readonly opensAt?: string;
}

/** @throws GitOpsError InvalidConfig */
export function checkWindow(window: SyncWindow): void {
  if (window.durationMs < minute) throw invalid(`a window of less than a minute never opens`, 'duration = "1h"');
  if (!isTimeZone(window.timeZone))
    throw invalid(`'${window.timeZone}' is no time zone`, 'time_zone = "Europe/Berlin", or leave it out for UTC');
  if (window.schedule.trim().split(/\s+/).length !== 5 || !isSchedule(window))
    throw invalid(`'${window.schedule}' is no schedule of five cron fields`, 'schedule = "0 22 * * 1-5"');
}

/** Why a sync must wait at that time (ms since epoch), until when; undefined when it need not. */
export function closedAt(
  layers: readonly (readonly SyncWindow[])[],
  place: WindowPlace,
  at: number,
): Closed | undefined {
  const about = layers.map((windows) => windows.filter((window) => concerns(window, place)));
  const closing = about.flatMap((windows) => closingOf(windows, at));
  if (closing.length === 0) return undefined;
  const opening = nextOpening(about, at);
  return {
    by: [...new Set(closing.map(describeWindow))].join('; '),
    manual: closing.every(({ manual }) => manual === true),
    ...(opening === undefined ? {} : { opensAt: new Date(opening).toISOString() }),
  };
}

/** `deny "freeze" (0 18 * * 5 Europe/Berlin for 48h)` */
export function describeWindow({ kind, schedule, timeZone, durationMs, description }: SyncWindow): string {
  const name = description === undefined ? '' : ` "${description}"`;
  return `${kind}${name} (${schedule} ${timeZone} for ${hoursOf(durationMs)})`;
}

const minute = 60_000;
/** Windows are left one by one; whoever needs more of these steps has closed for good. */
const mostSteps = 100;

/**
 * The first moment from `at` on when no layer closes. Every step goes to the earliest moment at which the layer that
 * closes may open, so none is missed: the end of the deny, or the beginning of an allow.
 */
function nextOpening(layers: readonly (readonly SyncWindow[])[], at: number): number | undefined {
  let time = at;
  for (let step = 0; step < mostSteps; step++) {
    const closing = layers.map((windows) => closingOf(windows, time)).filter(({ length }) => length > 0);
    if (closing.length === 0) return time;
    time = Math.max(...closing.map((windows) => leaves(windows, time)));
    if (time === Infinity) return undefined;
  }
  return undefined;
}

/** The windows by which a layer is closed: the active denies, else the allows when none of them is active. */
function closingOf(windows: readonly SyncWindow[], at: number): readonly SyncWindow[] {
  const denying = windows.filter(({ kind }) => kind === 'deny').filter((window) => isActive(window, at));
  if (denying.length > 0) return denying;
  const allows = windows.filter(({ kind }) => kind === 'allow');
  return allows.some((window) => isActive(window, at)) ? [] : allows;
}

/** When what closes a layer may be over: the last end of its denies, or the next beginning of its allows. */
function leaves(closing: readonly SyncWindow[], at: number): number {
  if (closing.some(({ kind }) => kind === 'deny')) return Math.max(...closing.map((window) => endOf(window, at)));
  return Math.min(...closing.map((window) => startAfter(window, at) ?? Infinity));
}

/** Whether one of its runs has begun and not ended. */
export function isActive(window: SyncWindow, at: number): boolean {
  const start = startAfter(window, at - window.durationMs);
  return start !== undefined && start <= at;
}

function startAfter(window: SyncWindow, at: number): number | undefined {
  return scheduleOf(window).nextRun(new Date(at))?.getTime();
}

/** Of the run that began last, at that very moment at the latest; the runs before it ended earlier. */
function endOf(window: SyncWindow, at: number): number {
  const [start] = scheduleOf(window).previousRuns(1, new Date(at + 1));
  return start === undefined ? -Infinity : start.getTime() + window.durationMs;
}

const known = new Map<string, Cron>();

/** Reading a pattern costs more than asking it. */
function scheduleOf({ schedule, timeZone }: SyncWindow): Cron {
  const key = `${timeZone} ${schedule}`;
  const cron = known.get(key) ?? new Cron(schedule, { timezone: timeZone, mode: '5-part', paused: true });
  if (known.size > 1000) known.clear();
  known.set(key, cron);
  return cron;
}

function concerns({ applications, environments, clusters, namespaces }: SyncWindow, place: WindowPlace): boolean {
  return (
    fits(applications, place.name) &&
    fits(environments, place.environment) &&
    fits(clusters, place.cluster) &&
    fits(namespaces, place.namespace)
  );
}

function fits(patterns: readonly string[] | undefined, text = ''): boolean {
  return patterns === undefined || patterns.some((pattern) => globMatches(pattern, text));
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

function isSchedule(window: SyncWindow): boolean {
  try {
    return scheduleOf(window).nextRun(new Date(0)) !== null;
  } catch {
    return false;
  }
}

function invalid(message: string, hint: string): GitOpsError {
  return new GitOpsError('InvalidConfig', `sync_windows: ${message}`, { hint: `write ${hint}` });
}

function hoursOf(ms: number): string {
  const [hours, minutes] = [Math.floor(ms / (60 * minute)), Math.round((ms % (60 * minute)) / minute)];
  return `${hours === 0 ? '' : `${hours}h`}${minutes === 0 && hours > 0 ? '' : `${minutes}m`}`;
}
