/**
 * planAction: what an action would write, from the live object, its scripts, and what is allowed. Writes nothing.
 */
import { putJson } from '../adapters/artifacts/artifact-store.js';
import type { Cluster } from '../adapters/cluster/cluster.js';
import type { ActionScripts } from '../domain/actions/action.js';
import {
  actionPlan,
  changesOf,
  fieldsOfGit,
  withoutSecretValues,
  type ActionPlan,
  type PlannedAction,
} from '../domain/actions/action-plan.js';
import { actionParams, chooseAction } from '../domain/actions/choice.js';
import type { ActionRequest } from '../domain/actions/record.js';
import { rulesFor } from '../domain/diff/ignore-rules.js';
import { hasCode } from '../domain/errors.js';
import { referenceOf, type KubernetesObject } from '../domain/object.js';
import type { Governance } from '../domain/policy/project.js';
import type { Target } from '../domain/target.js';
import { OwnedObjects } from './action-object.js';
import { ActionRules, type ActedObject } from './action-rules.js';
import type { ClusterDependencies } from './cluster-dependencies.js';
import { withHeartbeat } from './heartbeat.js';
import { patchObject } from './patch-object.js';

export interface ActionDependencies extends ClusterDependencies {
  readonly governance: Governance;
  readonly actionScripts: ActionScripts;
}

export interface PlanActionInput {
  readonly target: Target;
  readonly request: Pick<ActionRequest, 'resource' | 'action' | 'params'>;
  /** Workflow id: what is written is marked with it. */
  readonly run: string;
}

/**
 * @throws GitOpsError UnknownObject, UnknownAction, ActionDisabled, InvalidInput, ProjectDenied, PolicyViolation,
 * ScriptFailed, or what the server has against it
 */
export function createPlanAction(deps: ActionDependencies): (input: PlanActionInput) => Promise<PlannedAction> {
  return ({ target, request, run }) =>
    withHeartbeat(async ({ signal }) => {
      const cluster = await deps.clusters.get(target.destination.cluster);
      const rules = new ActionRules(deps.governance, target, cluster, signal);
      const owned = await OwnedObjects.of(cluster, target, signal);
      for (let look = 1; ; look++) {
        try {
          const live = await owned.find(request.resource);
          return await planned(deps, { cluster, rules, target, live, signal }, request, run);
        } catch (error) {
          if (!hasCode(error, 'PlanOutdated') || look === looks) throw error;
        }
      }
    });
}

/** Controllers write an object between our read and our dry run of it. */
const looks = 5;

interface Acted {
  readonly cluster: Cluster;
  readonly rules: ActionRules;
  readonly target: Target;
  readonly live: KubernetesObject;
  readonly signal: AbortSignal;
}

async function planned(
  { actionScripts, artifacts }: ActionDependencies,
  { cluster, rules, target, live, signal }: Acted,
  request: PlanActionInput['request'],
  run: string,
): Promise<PlannedAction> {
  const object = referenceOf(live);
  rules.requireAllowed(object);
  const plan = actionPlan(await effectsOf(actionScripts, live, request), live, run);
  for (const made of plan.creates) rules.requireAllowed(referenceOf(made));
  const warnings = await rules.judge(await rehearsed(cluster, plan, live, signal));
  const changes = changesOf(plan);
  const ofGit = fieldsOfGit(plan, live, rulesFor(target.ignoreDifferences ?? [], object));
  return { plan: await putJson(artifacts, plan), object, changes, ofGit, warnings };
}

async function effectsOf(
  scripts: ActionScripts,
  live: KubernetesObject,
  { action, params }: PlanActionInput['request'],
): ReturnType<ActionScripts['run']> {
  const seen = withoutSecretValues(live);
  const chosen = chooseAction(await scripts.discover(seen), action, referenceOf(live));
  return scripts.run(action, seen, actionParams(chosen, params));
}

/** Every write as the server would take it: one bad object means that nothing is written. */
async function rehearsed(
  cluster: Cluster,
  { patch, creates }: ActionPlan,
  live: KubernetesObject,
  signal: AbortSignal,
): Promise<ActedObject[]> {
  for (const object of creates) await cluster.rehearseCreate(object, { signal });
  const made = creates.map((after) => ({ before: null, after }));
  if (patch === undefined) return made;
  return [{ before: live, after: await patchObject(cluster, patch, { signal, dryRun: true }) }, ...made];
}
