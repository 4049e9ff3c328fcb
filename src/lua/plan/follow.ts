/**
 * Whether what a run performed is a path through a plan.
 */
import { siteOf } from './align.js';
import type { PlanDocument, PlannedStep } from './document.js';

export type Performed = Pick<PlannedStep, 'call' | 'line' | 'workflow' | 'task' | 'hook' | 'attempt'>;

export type Followed =
  { readonly isPath: true } | { readonly isPath: false; readonly at: number; readonly why: string };

/** @returns with `at` = index of the first step that no path has, or their number when the run stopped short */
export function followPlan(plan: PlanDocument, performed: readonly Performed[]): Followed {
  const sites = new Map([...plan.steps, ...plan.alternatives].map((step) => [step.number, siteOf(step)]));
  let reached = new Set<number | 'start' | 'end'>(['start']);
  const after = (): (number | 'end')[] => plan.transitions.filter((t) => reached.has(t.from)).map((t) => t.to);
  for (const [at, step] of performed.entries()) {
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
