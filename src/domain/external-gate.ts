/**
 * Gates outside: an address that must answer yes before a sync writes. Rules:
 *
 * - yes is `{"allow": true}` with a 2xx other than 202, and nothing else: a sign-in page is no yes;
 * - no is `{"allow": false, "reason": ...}` whatever the status, or any 4xx: that is an answer as well;
 * - 202 means "not decided yet": asked again after its Retry-After, or the gate's interval;
 * - everything else is an outage: asked again a few times, and never taken for a yes.
 */
import type { ApplicationSpec } from './application.js';
import type { MaybeSecret } from './secret-text.js';
import type { DiffResult } from './sync.js';
import type { ChangeCounts, SyncRecord } from './sync-record.js';

export interface ExternalGate {
  /** As messages call it. */
  readonly name: string;
  readonly url: MaybeSecret;
  readonly method: string;
  readonly headers: Readonly<Record<string, MaybeSecret>>;
  readonly timeoutMs: number;
  /** Between two questions, where the answer does not say. */
  readonly intervalMs: number;
  /** How long it may put off its decision. */
  readonly maxWaitMs: number;
}

/** What it is asked; the names are those of scripts and JSON output. */
export interface GateQuestion {
  readonly app: string;
  readonly id: string;
  readonly project: string;
  readonly environment: string;
  readonly cluster: string;
  readonly namespace: string;
  readonly sync: string;
  readonly revision: string;
  readonly plan_digest: string;
  readonly changes: ChangeCounts;
  readonly hooks: number;
  readonly trigger: string;
  readonly who: string;
}

export function questionOf(
  { id, name, project, environment = '', destination }: ApplicationSpec,
  { id: sync, revision = '', trigger, who }: SyncRecord,
  { planDigest, counts, waves }: DiffResult,
): GateQuestion {
  const { cluster, namespace = '' } = destination;
  const hooks = waves.reduce((sum, stage) => sum + (stage.hooks ?? 0), 0);
  const place = { app: name, id, project, environment, cluster, namespace };
  return { ...place, sync, revision, plan_digest: planDigest, changes: counts, hooks, trigger, who };
}

export interface GateAnswer {
  readonly verdict: 'yes' | 'no' | 'wait' | 'outage';
  /** In the gate's words, where it has any. */
  readonly reason: string;
  readonly retryAfterMs?: number;
}

const reasonLimit = 500;

/** @param retryAfter the header of that name */
export function gateAnswer(status: number, retryAfter: string | undefined, body: string, now: number): GateAnswer {
  const { allow, reason } = fieldsOf(body);
  const later = pauseOf(retryAfter, now);
  const why =
    typeof reason === 'string' && reason.trim() !== '' ? reason.slice(0, reasonLimit) : `it answered ${status}`;
  if (allow === false) return { verdict: 'no', reason: why };
  if (status === 202) return { verdict: 'wait', reason: why, ...later };
  if (status === 408 || status === 429 || status >= 500 || status < 200)
    return { verdict: 'outage', reason: why, ...later };
  if (status >= 400) return { verdict: 'no', reason: why };
  if (status < 300 && allow === true) return { verdict: 'yes', reason: why };
  return { verdict: 'outage', reason: `it answered ${status} without {"allow": true} or {"allow": false}` };
}

function fieldsOf(body: string): { allow?: unknown; reason?: unknown } {
  try {
    const data: unknown = JSON.parse(body);
    return typeof data === 'object' && data !== null ? data : {};
  } catch {
    return {};
  }
}

const shortestPauseMs = 1000;
const longestPauseMs = 60 * 60_000;

/** Seconds, or a date. */
function pauseOf(retryAfter: string | undefined, now: number): { retryAfterMs?: number } {
  if (retryAfter === undefined) return {};
  const ms = /^\d+$/.test(retryAfter.trim()) ? Number(retryAfter) * 1000 : Date.parse(retryAfter) - now;
  return Number.isNaN(ms) ? {} : { retryAfterMs: Math.min(longestPauseMs, Math.max(shortestPauseMs, ms)) };
}
