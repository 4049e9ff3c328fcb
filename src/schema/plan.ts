/** A plan as it is written by `plan -o json|yaml` and read back by `run --plan`. */
import { z } from 'zod';
import type { Data } from '../lua/host.js';
import type { PlanDocument } from '../lua/plan/document.js';

const data: z.ZodType<Data> = z.json() as never;
const number = z.int().positive();
const digest = z.string().regex(/^[0-9a-f]{64}$/, 'a sha256 in hex expected');
const answer = z.enum([
  'success',
  'failure',
  'outage',
  'degraded',
  'unchanged',
  'changes',
  'conflicts',
  'empty',
  'timer',
]);

const stepSchema = z.strictObject({
  number,
  call: z.string().min(1),
  arguments: z.array(data),
  summary: z.string(),
  line: z.int().nonnegative(),
  workflow: z.string().optional(),
  task: z.string().optional(),
  hook: z.string().optional(),
  attempt: number.optional(),
  answer,
  source: z.enum(['assumed', 'live']),
  standIn: z.boolean().optional(),
  assumed: z.boolean(),
  hangsOn: z.array(z.int().nonnegative()),
});

const taskSchema = z.strictObject({
  name: z.string(),
  description: z.string().optional(),
  dependsOn: z.array(z.string()),
  retries: z.number().nonnegative(),
  backoff: z.string().optional(),
  timeout: z.string().optional(),
  hooks: z.array(z.string()),
  steps: z.array(number),
});

const workflowSchema = z.strictObject({
  name: z.string(),
  description: z.string().optional(),
  version: z.string().optional(),
  hooks: z.array(z.string()),
  tasks: z.array(taskSchema),
  edges: z.array(z.strictObject({ from: z.string(), to: z.string() })),
});

const planSchema = z.strictObject({
  apiVersion: z.literal('sloth-runner.dev/v1'),
  kind: z.literal('Plan'),
  version: z.literal(1),
  script: z.strictObject({ name: z.string(), sha256: digest }),
  luaAbi: z.int().positive(),
  valuesDigest: digest,
  live: z.boolean(),
  steps: z.array(stepSchema),
  alternatives: z.array(stepSchema),
  transitions: z.array(
    z.strictObject({
      from: z.union([number, z.literal('start')]),
      to: z.union([number, z.literal('end')]),
      answer: answer.optional(),
    }),
  ),
  workflows: z.array(workflowSchema),
  end: z.strictObject({ status: z.enum(['succeeded', 'failed', 'open']), message: z.string().optional() }),
  explored: z.strictObject({ runs: number, complete: z.boolean() }),
  warnings: z.array(z.string()),
});

/** @returns the plan, or where it is wrong: `path` is empty for the whole file */
export function checkPlan(value: unknown): { plan: PlanDocument } | { path: string; why: string } {
  const checked = planSchema.safeParse(value);
  if (checked.success) return { plan: checked.data as PlanDocument };
  const [issue] = checked.error.issues;
  return { path: (issue?.path ?? []).join('.'), why: issue?.message ?? 'not a plan' };
}
