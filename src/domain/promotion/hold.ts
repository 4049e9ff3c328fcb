/**
 * "Healthy for ten minutes": what a row of looks at an environment comes to. One look that finds it degraded may be a
 * hiccup: it is looked at again soon, and the time starts anew.
 */
import type { HealthStatus } from '../application.js';

export interface Look {
  /** ms since epoch */
  readonly at: number;
  /** The commit it stands on; absent in an outage, when health is Unknown. */
  readonly revision?: string;
  readonly health: HealthStatus;
  /** What is not healthy, and why. */
  readonly message: string;
}

export interface HoldRule {
  readonly revision: string;
  readonly holdMs: number;
  /** ms since epoch */
  readonly deadline: number;
}

export interface HoldState {
  /** Since when every look found it healthy, ms since epoch. */
  readonly healthySince?: number;
  readonly degraded?: true;
}

export type HoldVerdict =
  | { readonly verdict: 'held' }
  | { readonly verdict: 'failed'; readonly why: string }
  | { readonly verdict: 'going on'; readonly state: HoldState; readonly nextMs: number };

const soonMs = 5000;

export function judgeLook(state: HoldState, look: Look, rule: HoldRule): HoldVerdict {
  if (look.health !== 'Unknown' && look.revision !== rule.revision)
    return failed(`it stands on ${look.revision?.slice(0, 8) ?? 'nothing'} by now: somebody else moved it`);
  if (look.health === 'Healthy' || look.health === 'Suspended') return judgeHealthy(state, look, rule);
  const degraded = look.health === 'Degraded' || look.health === 'Missing';
  if (degraded && state.degraded) return failed(`health is ${look.health}: ${look.message}`);
  if (look.at >= rule.deadline) return failed(`health is ${look.health} after all the time it had: ${look.message}`);
  return { verdict: 'going on', state: degraded ? { degraded } : {}, nextMs: Math.min(soonMs, intervalOf(rule)) };
}

function judgeHealthy({ healthySince }: HoldState, { at }: Look, rule: HoldRule): HoldVerdict {
  const since = healthySince ?? at;
  const left = since + rule.holdMs - at;
  if (left <= 0) return { verdict: 'held' };
  if (at + left > rule.deadline) return failed('it was not healthy for long enough in all the time it had');
  return { verdict: 'going on', state: { healthySince: since }, nextMs: Math.min(left, intervalOf(rule)) };
}

/** A twentieth of the time, from 1 s to 10 min: a hold of a week is some thousand looks, not tens of thousands. */
function intervalOf({ holdMs }: HoldRule): number {
  return Math.min(600_000, Math.max(1000, Math.round(holdMs / 20)));
}

function failed(why: string): HoldVerdict {
  return { verdict: 'failed', why };
}
