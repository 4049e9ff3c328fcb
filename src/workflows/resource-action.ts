/**
 * A resource action: planned from live state, then written. What changed in between is planned anew, a few times. Its
 * own workflow, because it is no sync: it waits for none, and what it did is told by its history alone.
 */
import { CancellationScope, setCurrentDetails, sleep, workflowInfo } from '@temporalio/workflow';
import { describeChanges, warnOfGit, type ActionRecord } from '../domain/actions/record.js';
import type { PlannedAction } from '../domain/actions/action-plan.js';
import { describeReference } from '../domain/object.js';
import { targetOf } from '../domain/target.js';
import type { ListActionsResult } from '../activities/list-actions.js';
import type { PerformActionResult } from '../activities/perform-action.js';
import type { ActionWorkflowInput, ListActionsWorkflowInput } from './messages.js';
import { phaseFailure } from './phase-failure.js';
import { withRetries } from './retry.js';
import { clip, quickStep, readingStep } from './steps.js';

/** Somebody who writes the object all the time is no match for planning. */
const mostPlans = 5;
const firstPauseMs = 100;

/** @throws ApplicationFailure with the code of whatever stood in its way */
export async function resourceAction(input: ActionWorkflowInput): Promise<ActionRecord> {
  const { workflowId: run } = workflowInfo();
  for (let round = 1; ; round++) {
    const planned = await plan(input, run);
    const { outdated } = await perform(input, run, planned);
    if (outdated === undefined) return finished(input, run, planned);
    if (round === mostPlans) throw overtaken(input, outdated);
    await sleep(firstPauseMs * 2 ** round, {
      summary: clip(`it changed meanwhile: planned anew from live state (${round + 1} of ${mostPlans})`),
    });
  }
}

/** What may be done to the objects of an application, or to one of them. */
export function listActions({ spec, resource }: ListActionsWorkflowInput): Promise<ListActionsResult> {
  const summary = `look which actions ${resource ?? spec.name} has`;
  const input = { target: targetOf(spec), ...(resource === undefined ? {} : { resource }) };
  return withRetries(spec.retry, summary, () => readingStep(summary, (a) => a.listActions(input)));
}

function plan({ spec, request }: ActionWorkflowInput, run: string): Promise<PlannedAction> {
  const { action, resource, params, who } = request;
  const summary = `plan what ${who} asked for: ${action} ${resource}`;
  const input = { target: targetOf(spec), request: { resource, action, params }, run };
  return withRetries(spec.retry, summary, () => quickStep(summary).planAction(input));
}

/** Once it writes it is waited for, whoever cancels: the record must say what became of it. */
async function perform(
  { spec }: ActionWorkflowInput,
  run: string,
  planned: PlannedAction,
): Promise<PerformActionResult> {
  if (planned.changes.length === 0) return {};
  const summary = describeChanges(planned.changes);
  const input = { target: targetOf(spec), plan: planned.plan, run };
  return CancellationScope.nonCancellable(() =>
    withRetries(spec.retry, summary, () => quickStep(summary).performAction(input)),
  );
}

function finished({ spec, request }: ActionWorkflowInput, run: string, planned: PlannedAction): ActionRecord {
  const { action, params, who } = request;
  const { object, changes, ofGit, warnings } = planned;
  const message = `${action} ${describeReference(object)} by ${who}: ${describeChanges(changes)}`;
  setCurrentDetails(message);
  return {
    id: run,
    app: spec.id,
    action,
    object,
    params,
    who,
    startedAt: workflowInfo().startTime.toISOString(),
    finishedAt: new Date().toISOString(),
    changes,
    warnings: [...warnings, ...warnOfGit(ofGit, spec.selfHeal === true)],
    message,
  };
}

function overtaken({ request: { action, resource } }: ActionWorkflowInput, why: string): Error {
  const message = `${action} ${resource}: it changed ${mostPlans} times while the action was being written: ${why}`;
  return phaseFailure('PlanOutdated', message, 'ask again once whoever writes it is done');
}
