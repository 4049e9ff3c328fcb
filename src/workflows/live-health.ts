/**
 * The health of an application's objects now, as its own short workflow.
 */
import { targetOf } from '../domain/target.js';
import type { LiveHealthResult } from '../domain/sync.js';
import type { LiveHealthWorkflowInput } from './messages.js';
import { withRetries } from './retry.js';
import { briefStep } from './steps.js';

export function liveHealth({ spec }: LiveHealthWorkflowInput): Promise<LiveHealthResult> {
  const summary = `judge what ${spec.name} owns`;
  return withRetries(spec.retry, summary, () => briefStep(summary, (a) => a.liveHealth({ target: targetOf(spec) })));
}
