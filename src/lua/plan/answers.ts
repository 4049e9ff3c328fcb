/**
 * How each call may be answered: one row a call. The success value comes first in every plan; the others are tried one
 * at a time, to see what hangs on them.
 */
import { GitOpsError, type ErrorCode } from '../../domain/errors.js';
import type { Data } from '../host.js';
import {
  artifactText,
  degradedTable,
  diffTable,
  expectedDiff,
  historyTable,
  listEntry,
  promotionTable,
  statusTable,
} from './answer-tables.js';
import type { Answer } from './document.js';
import type { Table } from './engine-facts.js';
import { moduleAnswers } from './module-answers.js';
import { textOf, unknownApplication, type SimulatedEngine } from './simulated-engine.js';
import { workspaceAnswers } from './workspace-answers.js';

type Args = readonly Data[];
type Reply = (engine: SimulatedEngine, args: Args) => Data;

export interface AnswerRow {
  readonly success: Reply;
  readonly others: Partial<Record<Answer, Reply>>;
  /** Changes nothing, so that `--live` may ask the engine. */
  readonly reading?: true;
}

const fails =
  (code: ErrorCode, message: string): Reply =>
  () => {
    throw new GitOpsError(code, message);
  };
const unknown: Reply = (_engine, args) => {
  throw unknownApplication(textOf(args[0]));
};
const outage = fails('ClusterUnreachable', 'assumed: the cluster does not answer');
const noRepository = fails('RepositoryUnreachable', 'assumed: the repository does not answer');

const acts = (change: Reply, otherwise: Reply = unknown): AnswerRow => ({
  success: change,
  others: { failure: otherwise },
});

/** Changes every application the call names: one, or all. */
const sets = (change: (app: ReturnType<SimulatedEngine['find']>) => void): AnswerRow =>
  acts((engine, [id]) => {
    const apps = typeof id === 'string' ? [engine.find(id)] : [...engine.applications.values()];
    for (const app of apps) {
      change(app);
      app.touched = true;
    }
    return true;
  });

const sync = (status: 'succeeded' | 'failed') => (engine: SimulatedEngine, args: Args) => {
  const app = engine.find(textOf(args[0]));
  const { revision, dry_run } = (args[1] ?? {}) as { revision?: string; dry_run?: boolean };
  const ended = status === 'failed' && app.declared.rollbackOnFailure && app.syncs.length > 0 ? 'rolled_back' : status;
  if (dry_run !== true) engine.sync(app, ended, 'script', revision);
};

const rollBack: Reply = (engine, [id, reason]) => {
  const app = engine.find(textOf(id));
  engine.sync(app, 'succeeded', textOf(reason) || 'Manual rollback', app.syncs[0]?.revision);
  return true;
};

const promotionFails = fails('GateFailed', 'assumed: an environment did not pass its gates');

const declared = (engine: SimulatedEngine, [config]: Args) => engine.declare(config as Table);

const status: AnswerRow = {
  success: (engine, [id]) => statusTable(engine.find(textOf(id))),
  others: {
    failure: unknown,
    degraded: (engine, [id]) => degradedTable(engine, engine.find(textOf(id))),
  },
  reading: true,
};

const diff: AnswerRow = {
  success: (engine, [id, options]) => {
    const app = engine.find(textOf(id));
    return diffTable(engine, app, expectedDiff(app, options));
  },
  others: {
    outage,
    failure: unknown,
    conflicts: (engine, [id]) => diffTable(engine, engine.find(textOf(id)), 'conflicts'),
    unchanged: (engine, [id]) => diffTable(engine, engine.find(textOf(id)), 'unchanged'),
    changes: (engine, [id]) => diffTable(engine, engine.find(textOf(id)), 'changes'),
  },
  reading: true,
};

export const answers: Readonly<Record<string, AnswerRow>> = {
  ...workspaceAnswers,
  'gitops.workflow': acts((engine, args) => {
    const { id, repositoryId, autoSync, diffPreview, rollbackOnFailure } = declared(engine, args);
    return {
      workflow_id: id,
      repository_id: repositoryId,
      status: 'created',
      auto_sync: autoSync,
      diff_preview: diffPreview,
      rollback_on_failure: rollbackOnFailure,
    };
  }, noRepository),
  'gitops.create_workflow': acts((engine, args) => declared(engine, args).id, noRepository),
  'gitops.register_repository': acts((engine, [config]) => engine.register(config as Table), noRepository),
  'gitops.sync_workflow': acts(
    (engine, args) => {
      sync('succeeded')(engine, args);
      return true;
    },
    (engine, args) => {
      sync('failed')(engine, args);
      return fails('SyncFailed', 'assumed: the sync failed')(engine, args);
    },
  ),
  'gitops.rollback_workflow': acts(
    rollBack,
    fails('NothingToRollBackTo', 'assumed: there is no earlier healthy set of another revision'),
  ),
  'gitops.get_workflow_status': status,
  'gitops.wait': { ...status, others: { failure: fails('Timeout', 'assumed: the wait timed out') } },
  'gitops.generate_diff': diff,
  'gitops.preview_changes': diff,
  'gitops.list_workflows': {
    success: (engine) => [...engine.applications.values()].map(listEntry),
    others: { failure: fails('TemporalUnavailable', 'assumed: the list cannot be read'), empty: () => [] },
    reading: true,
  },
  'gitops.history': {
    success: (engine, [id, limit]) => historyTable(engine.find(textOf(id)), limit),
    others: { failure: unknown, empty: () => [] },
    reading: true,
  },
  'gitops.promote': acts((engine, [config]) => {
    engine.facts.checkPromotion(config as Table);
    return promotionTable(engine, config as Table);
  }, promotionFails),
  'gitops.start_auto_sync': sets((app) => (app.autoSync = true)),
  'gitops.stop_auto_sync': sets((app) => (app.autoSync = false)),
  'gitops.suspend': sets((app) => (app.suspended = true)),
  'gitops.resume': sets((app) => (app.suspended = false)),
  'gitops.approve': acts(() => true),
  'gitops.delete_workflow': acts((engine, [id]) => {
    engine.delete(engine.find(textOf(id)));
    return true;
  }),
  ...moduleAnswers,
  'artifact.read': {
    success: (_engine, [, path]) => artifactText(textOf(path)),
    others: { outage: fails('ArtifactMissing', 'assumed: the text is gone') },
    reading: true,
  },
};

/** A call that has no row yet is answered with true. */
export const plainAnswer: AnswerRow = { success: () => true, others: { failure: outage } };
