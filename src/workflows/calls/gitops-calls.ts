/**
 * What each call of the `gitops` module does: an activity, a child workflow, or an update to the application's own
 * workflow. One row a call; the Lua side has checked the arguments and owns the return conventions.
 */
import { executeChild, uuid4, workflowInfo } from '@temporalio/workflow';
import { parseDuration } from '../../domain/duration.js';
import { choiceFrom, type RollbackTarget } from '../../domain/rollback-choice.js';
import type { PromotionRecord } from '../../domain/promotion/record.js';
import type { SyncRecord } from '../../domain/sync-record.js';
import type { Data, Step } from '../../lua/host.js';
import { workflowTaskTimeout, type ScriptInput, type SyncRequest, type SyncTicket } from '../messages.js';
import { phaseFailure } from '../phase-failure.js';
import type { preview } from '../preview.js';
import type { PromotionConfig } from '../../schema/promotion-config.js';
import { compact, nameOf, type Call, type CallContext } from './call.js';
import { longStep, quickStep } from '../steps.js';

interface SyncOptions {
  readonly revision?: string;
  readonly dry_run?: boolean;
  readonly prune?: boolean;
  readonly allow_shrink?: boolean;
  readonly resources?: readonly string[];
  readonly timeout?: string | number;
  readonly wait?: boolean;
}

export const gitopsCalls: Readonly<Record<string, Call>> = {
  'gitops.workflow': declare,
  'gitops.create_workflow': async (context, step) => (await declare(context, step)).workflow_id,
  'gitops.register_repository': ({ input }, { args, summary }) =>
    longStep(summary).registerRepository({ config: args[0] as never, ...origin(input) }),
  'gitops.sync_workflow': async (context, step) => {
    const { args, summary } = step;
    const [app, options = {}] = args as [string, SyncOptions?];
    const { revision, dry_run, prune, allow_shrink, resources } = options ?? {};
    const request = compact({ revision, dryRun: dry_run, prune, allowShrink: allow_shrink, resources });
    const ticket = await quickStep(summary).requestSync({
      app,
      request: { ...request, ...requester(context) },
      once: nameOf(step),
    });
    return settle(context, ticket, options ?? {});
  },
  'gitops.rollback_workflow': async (context, step) => {
    const { args, summary } = step;
    const [app, reason, target] = args as [string, string | undefined, RollbackTarget | undefined];
    const request = { why: reason ?? 'Manual rollback', target: choiceFrom(target ?? {}), ...requester(context) };
    const ticket = await quickStep(summary).requestRollback({ app, request, once: nameOf(step) });
    return settle(context, ticket, {});
  },
  'gitops.get_workflow_status': (_context, { args, summary }) =>
    quickStep(summary).readStatusTable({ app: args[0] as string }),
  'gitops.list_workflows': ({ declared }, { args, summary }) =>
    quickStep(summary).listApplications({ filter: (args[0] ?? {}) as never, include: [...declared] }),
  'gitops.generate_diff': diff,
  'gitops.preview_changes': diff,
  'gitops.start_auto_sync': (_context, { args, summary }) => autoSync(args[0], true, summary),
  'gitops.stop_auto_sync': (_context, { args, summary }) => autoSync(args[0], false, summary),
  'gitops.history': (_context, { args, summary }) =>
    quickStep(summary).readHistoryTable(compact({ app: args[0] as string, limit: args[1] as number })),
  'gitops.suspend': ({ input }, { args, summary }) =>
    quickStep(summary).suspend({ app: args[0] as string, ...by(input) }),
  'gitops.resume': ({ input }, { args, summary }) =>
    quickStep(summary).resume({ app: args[0] as string, ...by(input) }),
  'gitops.approve': async ({ input }, step) => {
    const { args, summary } = step;
    const [app, options] = args as [string, { digest?: string; reason?: string; reject?: boolean } | undefined];
    const { digest, reason, reject } = options ?? {};
    const decision = { by: by(input).who, ...compact({ digest, reason }) };
    await quickStep(summary).decide({ app, verdict: reject ? 'reject' : 'approve', decision, once: nameOf(step) });
    return true;
  },
  'gitops.delete_workflow': async (context, step) => {
    const { args, summary } = step;
    const [app, options] = args as [string, { prune?: boolean } | undefined];
    const ticket = await quickStep(summary).requestDelete({
      app,
      once: nameOf(step),
      ...compact({ prune: options?.prune }),
      ...requester(context),
    });
    return ticket === null ? true : settle(context, ticket, {});
  },
  'gitops.promote': promote,
  'gitops.wait': (_context, { args, summary }) => {
    const [app, goal = {}] = args as [string, { status?: string; health?: string; timeout?: string | number }?];
    const timeoutMs = parseDuration(goal?.timeout ?? '5m');
    return longStep(summary, { startToCloseTimeout: timeoutMs + 60_000 }).awaitApplication(
      compact({ app, status: goal?.status, health: goal?.health, timeoutMs }),
    );
  },
  'artifact.read': (_context, { args, summary }) =>
    quickStep(summary).readArtifactText({ digest: args[0] as string, path: args[1] as string }),
};

async function declare(context: CallContext, { args, summary }: Step): Promise<{ workflow_id: string }> {
  const { input, declared, warn } = context;
  const { warnings = [], ...result } = await longStep(summary).declareApplication({
    config: args[0] as never,
    ...origin(input),
    ...compact({ cluster: input.cluster }),
  });
  declared.add(result.workflow_id);
  warnings.forEach(warn);
  return result;
}

async function promote({ input, promotions }: CallContext, step: Step): Promise<unknown> {
  const [config] = step.args as [PromotionConfig];
  const { wait = true, timeout } = config;
  const notify = workflowInfo().workflowId;
  const started = await quickStep(step.summary).startPromotion({ config, notify, once: nameOf(step), ...by(input) });
  if (!wait) return promotionTable(started);
  const { id } = started;
  const look = (): Promise<PromotionRecord | undefined> => quickStep(`look how ${id} stands`).findPromotion({ id });
  const record = await promotions.waitFor(id, look, timeout === undefined ? undefined : parseDuration(timeout));
  if (record === undefined) throw phaseFailure('Timeout', `${id} still runs after ${timeout}; it goes on`);
  if (record.status === 'succeeded') return promotionTable(record);
  throw phaseFailure(record.errorCode ?? 'SyncFailed', `${id} ${record.status}: ${record.message}`);
}

/** As scripts see it. */
function promotionTable({ id, status, message, revision, stages }: PromotionRecord): object {
  const environments = stages.map(({ app, status: state, message: text, environment, sync }) =>
    compact({ app, status: state, message: text, environment, sync }),
  );
  return compact({ id, status, message, revision, environments });
}

async function diff(_context: CallContext, { args, summary }: Step): Promise<unknown> {
  const [app, options] = args as [string, { revision?: string } | undefined];
  const { spec } = await quickStep(`read the declaration of ${app}`).readStatus({ app });
  const revision = options?.revision === undefined ? {} : { revision: options.revision };
  const result = await executeChild<typeof preview>('preview', {
    workflowId: `gitops/${spec.id}/diff-${uuid4()}`,
    args: [{ spec, ...revision }],
    workflowTaskTimeout,
    staticSummary: `${spec.name}: preview ${options?.revision ?? spec.source.branch}`,
  });
  return quickStep(summary).readDiffTable({ app: spec.id, preview: result });
}

async function autoSync(app: Data | undefined, enabled: boolean, summary: string): Promise<boolean> {
  await quickStep(summary).setAutoSync(compact({ app: (app ?? undefined) as string, enabled }));
  return true;
}

/** True once the sync has ended well; a failure that carries the record's message otherwise. */
async function settle({ answers }: CallContext, { app, sync }: SyncTicket, options: SyncOptions): Promise<true> {
  if (options.wait === false) return true;
  const look = (): Promise<SyncRecord | undefined> => quickStep(`look how ${sync} stands`).findSync({ app, sync });
  const timeoutMs = options.timeout === undefined ? undefined : parseDuration(options.timeout);
  const record = await answers.waitFor(app, sync, look, timeoutMs);
  if (record === undefined) throw phaseFailure('Timeout', `${sync} still runs after ${options.timeout}; it goes on`);
  if (record.status === 'succeeded') return true;
  throw phaseFailure('SyncFailed', `${sync} ${record.status}: ${record.message}`);
}

function requester({ input }: CallContext): Pick<SyncRequest, 'who' | 'trigger' | 'notify'> {
  return { trigger: 'script', notify: workflowInfo().workflowId, ...by(input) };
}

function by(input: ScriptInput): { who: string } {
  return { who: input.who ?? `script ${input.name ?? workflowInfo().workflowId}` };
}

function origin(input: ScriptInput): { directory?: string } {
  return compact({ directory: input.directory });
}
