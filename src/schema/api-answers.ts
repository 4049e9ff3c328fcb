/** What the JSON API answers, as far as clients may build on it: the fields of `-o json` on the command line. */
import { z } from 'zod';

const time = z.string().describe('RFC 3339, UTC');

export const failureAnswer = z.object({
  code: z.string().describe('what a program compares'),
  message: z.string().describe('what happened, for people'),
  hint: z.string().optional().describe('what to do next'),
});

export const summaryAnswer = z.object({
  id: z.string(),
  name: z.string(),
  status: z.string().describe('active, syncing, awaiting_approval, synced, degraded, failed or suspended'),
  drift: z.boolean(),
  health: z.string(),
  revision: z.string(),
  repository: z.string(),
  branch: z.string(),
  autoSync: z.boolean(),
  project: z.string(),
  cluster: z.string(),
  environment: z.string(),
  createdAt: time,
});

export const recordAnswer = z.looseObject({
  id: z.string().describe('sync-<number>'),
  number: z.number(),
  app: z.string(),
  status: z
    .string()
    .describe(
      'running, succeeded, failed, cancelled, rolled_back, rollback_failed, superseded, interrupted or prune_waiting',
    ),
  trigger: z.string(),
  who: z.string(),
  revision: z.string().optional(),
  startedAt: time,
  finishedAt: time.optional(),
  message: z.string(),
  errorCode: z.string().optional(),
  health: z.string().optional(),
});

export const statusAnswer = z.looseObject({
  spec: z.looseObject({ id: z.string(), name: z.string(), project: z.string() }),
  status: z.string(),
  health: z.string(),
  revision: z.string().optional(),
  lastSync: recordAnswer.optional(),
  waiting: z.string().optional().describe('the sync that waits for the one that runs'),
});

export const ticketAnswer = z.object({
  app: z.string(),
  sync: z.string(),
  workflowId: z.string(),
  queued: z.boolean().describe('it waits for the one that runs now'),
});

export const declaredAnswer = z.object({
  app: z.string().describe('its id'),
  created: z.boolean(),
  undeclared: z.array(z.string()).describe('what it depends on and nobody has declared yet'),
});
export const deletedAnswer = z.object({ deleted: z.string(), sync: ticketAnswer.nullable() });
export const doneAnswer = z.object({ app: z.string() });

export const diffAnswer = z.looseObject({
  app: z.string(),
  revision: z.string(),
  generated_at: time,
  plan_digest: z.string(),
  summary: z.looseObject({ total_changes: z.number() }),
});

export const healthAnswer = z.looseObject({});
export const driftAnswer = z.looseObject({ applications: z.number(), drifted: z.array(z.looseObject({})) });
export const actionAnswer = z.looseObject({ name: z.string().optional(), disabled: z.boolean().optional() });
export const actionTicketAnswer = z.object({ app: z.string(), workflowId: z.string() });
export const runAnswer = z.object({
  id: z.string(),
  runId: z.string(),
  type: z.string(),
  status: z.string(),
  startedAt: time,
  closedAt: z.string().describe('empty while it runs'),
  app: z.string(),
});
export const runDetailAnswer = runAnswer.extend({
  questions: z.array(z.looseObject({})).optional(),
  metrics: z.array(z.looseObject({})).optional(),
});
export const stepAnswer = z.object({ event: z.number(), at: time, kind: z.string(), summary: z.string() });
export const scriptAnswer = z.object({ workflowId: z.string() });
export const cancelledAnswer = z.object({ run: z.string() });
const waits = { run: z.string().describe('what to approve or reject'), revision: z.string().optional() };
export const approvalAnswer = z.discriminatedUnion('kind', [
  z.looseObject({
    kind: z.literal('question').describe('of a script'),
    run: z.string(),
    question: z.number(),
    prompt: z.string(),
    task: z.string().optional(),
    until: time,
  }),
  z.looseObject({
    kind: z.literal('plan').describe('of a sync'),
    ...waits,
    app: z.string().describe('id of the application'),
    name: z.string().describe('name of the application'),
    sync: z.string().describe('sync-<number>'),
    digest: z.string().describe('of the plan that waits: say it with the approval'),
    policy: z.looseObject({ approvals: z.number() }),
    requestedBy: z.string(),
    askedAt: time,
    expiresAt: time.optional(),
    decisions: z.array(z.looseObject({ verdict: z.string(), by: z.string(), at: time })),
  }),
  z.looseObject({
    kind: z.literal('promotion').describe('of one environment'),
    ...waits,
    app: z.string().describe('the environment that waits'),
    requestedBy: z.string(),
    until: time.optional(),
  }),
]);
export const decidedAnswer = z.looseObject({
  run: z.string(),
  kind: z.enum(['question', 'plan', 'promotion']),
  verdict: z.string().optional().describe('of a plan: open while more people must approve, approved or rejected'),
});
export const promotionAnswer = z.looseObject({
  id: z.string().describe('promotion/<name>/<number>'),
  name: z.string(),
  number: z.number(),
  status: z
    .string()
    .describe('waiting, running, succeeded, failed, rejected, cancelled, rolled_back or rollback_failed'),
  message: z.string(),
  errorCode: z.string().optional(),
  revision: z.string().optional(),
  who: z.string(),
  startedAt: time,
  finishedAt: time.optional(),
  stages: z.array(z.looseObject({ app: z.string(), status: z.string(), message: z.string() })),
});
export const renderAnswer = z.object({
  app: z.string(),
  revision: z.string(),
  warnings: z.array(z.string()),
  items: z.array(z.looseObject({ apiVersion: z.string(), kind: z.string() })).describe('in the order they are applied'),
});
export const repositoryAnswer = z.looseObject({ id: z.string(), url: z.string() });
export const registeredAnswer = z.object({ repository: z.string().describe('its id') });
export const removedAnswer = z.object({ removed: z.string() });
export const lookedAnswer = z.object({ followed: z.number().describe('repositories that are looked at now') });

/** Lists are objects, so that they may grow fields. */
export const listOf = <S extends z.ZodType>(item: S) => z.object({ items: z.array(item) });
