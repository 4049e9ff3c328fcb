/**
 * Whether what a run performed is a path through a plan.
 */
import { siteOf } from './align.js';
import type { PlanDocument, PlannedStep, PlannedWorkflow } from './document.js';

export type Performed = Pick<PlannedStep, 'call' | 'line' | 'workflow' | 'task' | 'hook' | 'attempt'>;

export type Followed =
  { readonly isPath: true } | { readonly isPath: false; readonly at: number; readonly why: string };

/**
 * @returns with `at` = index, tasks in the order of their list, of the first step that no path has, or their number when the run
 *   stopped short
 */
export function followPlan(plan: PlanDocument, performed: readonly Performed[]): Followed {
  const sites = new Map([...plan.steps, ...plan.alternatives].map((step) => [step.number, siteOf(step)]));
  let reached = new Set<number | 'start' | 'end'>(['start']);
  const after = (): (number | 'end')[] => plan.transitions.filter((t) => reached.has(t.from)).map((t) => t.to);
  for (const [at, step] of inListOrder(performed, plan.workflows).entries()) {
    const next = after().filter((to) => to !== 'end' && sites.get(to) === siteOf(step));
    if (next.length === 0)
      return {
        isPath: false,
        at,
        why: `${step.call} in line ${step.line} does not follow ${[...reached].join(' or ')}`,
      };
    reached = new Set(next);
  }
  if (after().includes('end')) return { isPath: true };
  return { isPath: false, at: performed.length, why: `the plan does not end after ${[...reached].join(' or ')}` };
}

/**
 * A plan shows the tasks of a workflow in the order of their list; a run may have several under way. What each did is in its
 * own order in both.
 */
function inListOrder(performed: readonly Performed[], workflows: readonly PlannedWorkflow[]): Performed[] {
  const ordered = [...performed];
  for (const { name, tasks } of workflows) {
    const rank = new Map(tasks.map((task, i) => [task.name, i]));
    const rankOf = ({ task }: Performed): number => rank.get(task ?? '') ?? 0;
    const places = ordered.flatMap((step, i) => (step.workflow === name && step.task !== undefined ? [i] : []));
    const steps = places.map((i) => ordered[i] as Performed).sort((a, b) => rankOf(a) - rankOf(b));
    places.forEach((place, i) => (ordered[place] = steps[i] as Performed));
  }
  return ordered;
}
