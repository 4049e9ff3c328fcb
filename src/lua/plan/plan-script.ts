/**
 * From a script to its plan. Runs the real interpreter, many times over, and nothing else: no clock, no server, no
 * file.
 */
import { canonicalJson } from '../../domain/canonical-json.js';
import { luaAbi } from '../abi.js';
import type { Script, WorkflowDefinition } from '../host.js';
import { assumptions } from './assumptions.js';
import type { PlanDocument, PlannedStep, PlannedTask, PlannedWorkflow } from './document.js';
import type { AskEngine, EngineFacts } from './engine-facts.js';
import { explore, type Run } from './explore.js';
import { firstPath } from './first-path.js';
import { record, type RecordedStep } from './recording.js';
import { scriptDigest, valuesDigest } from './values-digest.js';

export interface PlanOptions {
  readonly facts: EngineFacts;
  /** ms since epoch: what the script's clock shows */
  readonly now: number;
  /** Answers reading calls; without it all are assumed. */
  readonly ask?: AskEngine;
}

const stepLimit = 500;

/** @throws GitOpsError ScriptSyntax; ScriptFailed when the script fails before its first step; LuaBudgetExceeded */
export async function planScript(script: Script, { facts, now, ask }: PlanOptions): Promise<PlanDocument> {
  const asked = ask === undefined ? undefined : remembering(ask);
  const run: Run = (choose) => record(script, { facts, now, ask: asked, choose, stepLimit });
  const { recording, choices } = await firstPath(run);
  const { error, steps } = recording;
  const code = (error as { code?: unknown } | undefined)?.code;
  if (recording.end.status === 'failed' && error !== undefined && (steps.length === 0 || code !== 'ScriptFailed'))
    throw error as Error;
  const exploration = await explore(run, recording, choices);
  const hangs = assumptions(exploration);
  const { graph, untried } = exploration;
  return {
    apiVersion: 'sloth-runner.dev/v1',
    kind: 'Plan',
    version: 1,
    script: { name: script.name, sha256: scriptDigest(script, facts.sha256) },
    luaAbi,
    valuesDigest: valuesDigest(script, facts.sha256),
    live: ask !== undefined,
    steps: steps.map((step, i) => planned(step, i + 1, [...(hangs[i] ?? [])])),
    alternatives: graph.alternatives.map(({ step, number, hangsOn }) => planned(step, number, [hangsOn])),
    transitions: graph.transitions,
    workflows: recording.workflows.map((workflow) => workflowOf(workflow, steps)),
    end: recording.end,
    explored: { runs: graph.runs.length, complete: untried.length === 0 },
    warnings: recording.warnings,
  };
}

/** Each question is asked once: all runs see the same world. */
function remembering(ask: AskEngine): AskEngine {
  const asked = new Map<string, ReturnType<AskEngine>>();
  return (call, args) => {
    const key = canonicalJson([call, args]);
    const answer = asked.get(key) ?? ask(call, args);
    asked.set(key, answer);
    return answer;
  };
}

function planned({ others: _, standIn, ...step }: RecordedStep, number: number, hangsOn: number[]): PlannedStep {
  const { call, arguments: args, summary, line, answer, source, ...place } = step;
  const id = standIn ? { standIn } : {};
  const sorted = hangsOn.sort((a, b) => a - b);
  const what = { number, call, arguments: args, summary, line, ...place };
  return { ...what, answer, source, ...id, assumed: sorted.length > 0, hangsOn: sorted };
}

function workflowOf(workflow: WorkflowDefinition, steps: readonly RecordedStep[]): PlannedWorkflow {
  const { name, description, version, hooks, tasks } = workflow;
  return {
    name,
    ...texts({ description, version }),
    hooks,
    tasks: tasks.map((task) => taskOf(name, task, steps)),
    edges: tasks.flatMap((task) => task.depends_on.map((from) => ({ from, to: task.name }))),
  };
}

function taskOf(
  workflow: string,
  { name, description, depends_on, retries, backoff, timeout, hooks }: WorkflowDefinition['tasks'][number],
  steps: readonly RecordedStep[],
): PlannedTask {
  const own = steps.flatMap((step, i) => (step.workflow === workflow && step.task === name ? [i + 1] : []));
  return { name, dependsOn: depends_on, retries, ...texts({ description, backoff, timeout }), hooks, steps: own };
}

function texts<K extends string>(fields: Record<K, string | number | undefined>): Partial<Record<K, string>> {
  const set = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(set.map(([key, value]) => [key, String(value)])) as Partial<Record<K, string>>;
}
