/**
 * Every activity, built from its dependencies. Workflows import only the type `Activities`.
 */
import { putJson, type ArtifactStore } from '../adapters/artifacts/artifact-store.js';
import type { ClusterRegistry } from '../adapters/cluster/cluster.js';
import type { OpenForge } from '../adapters/forge/open-forge.js';
import type { Exchange } from '../adapters/http/exchange.js';
import type { SendMail } from '../adapters/mail/send-mail.js';
import type { Git } from '../adapters/repository/git.js';
import type { ResolveSecret } from '../adapters/secrets/resolve-secret.js';
import type { WorkTrees } from '../adapters/repository/work-trees.js';
import type { RunFolders } from '../adapters/workspace/run-folders.js';
import type { GitOpsClient } from '../client/gitops-client.js';
import type { ActionScripts } from '../domain/actions/action.js';
import type { CustomHealth } from '../domain/health/status.js';
import type { Governance } from '../domain/policy/project.js';
import type { DiffInput, DiffResult } from '../domain/sync.js';
import { createApplicationCalls } from './application-calls.js';
import { createCommentDiff } from './comment-diff.js';
import { createPostCommitStatus } from './commit-status.js';
import { createApply } from './apply.js';
import { createBackup } from './backup.js';
import { createClone } from './clone.js';
import { createDeclareApplication } from './declare-application.js';
import { createDiff } from './diff.js';
import { createExecCommand } from './exec-command.js';
import { createFinishHooks } from './finish-hooks.js';
import { createFolderFiles } from './folder-files.js';
import { createFolderGit } from './folder-git.js';
import type { CheckTools } from './external-checks.js';
import { createHealthCheck } from './health-check.js';
import { createListActions } from './list-actions.js';
import { createHttpRequest } from './http-request.js';
import { createLiveHealth } from './live-health.js';
import { createLookAtWindows } from './look-at-windows.js';
import { createPerformAction } from './perform-action.js';
import { createPlanAction } from './plan-action.js';
import { createLookAtRepository } from './look-at-repository.js';
import { createPrune } from './prune.js';
import { createReadArtifactText } from './read-artifact.js';
import { createRecord } from './record.js';
import { createRegisterRepository } from './register-repository.js';
import { createRender } from './render.js';
import type { RepositoryLookup } from './repository-lookup.js';
import { createRollback } from './rollback.js';
import { createRunFolder } from './run-folder.js';
import { createRunHook } from './run-hook.js';
import { createScriptState } from './script-state.js';
import { createSendNotification } from './send-notification.js';
import { createSweepDrift } from './sweep-drift.js';
import { createSweepRepositories } from './sweep-repositories.js';
import { createHoldText } from './texts.js';

export interface Dependencies {
  readonly artifacts: ArtifactStore;
  readonly clusters: ClusterRegistry;
  readonly git: Git;
  readonly client: GitOpsClient;
  readonly repositories: RepositoryLookup;
  readonly customHealth?: CustomHealth | undefined;
  readonly actionScripts: ActionScripts;
  readonly checkTools?: CheckTools | undefined;
  /** Policies and projects of the operator. */
  readonly governance: Governance;
  /** Whether hooks and scripts may run shell lines on this worker. */
  readonly shellAllowed: boolean;
  readonly resolveSecret: ResolveSecret;
  /** How scripts speak HTTP, and send mail. */
  readonly exchange: Exchange;
  readonly sendMail: SendMail;
  readonly openForge: OpenForge;
  /** Folders of the runs of scripts on this worker. */
  readonly folders: RunFolders;
  readonly workTrees: WorkTrees;
  /** ms since epoch. */
  readonly now: () => number;
}

/** What belongs to the folders of runs: served on queues of their own as well (`worker/workers.ts`). */
export function createFolderActivities(deps: Dependencies) {
  return {
    ...createRunFolder(deps),
    execCommand: createExecCommand(deps),
    folderFiles: createFolderFiles(deps),
    folderGit: createFolderGit(deps),
  };
}

export function createActivities(deps: Dependencies) {
  const diff = createDiff(deps);
  return {
    clone: createClone(deps),
    render: createRender(deps),
    diff,
    /** A plan that deletes all the application owns: the diff against a set of nothing. */
    planDeletion: async (input: Pick<DiffInput, 'target' | 'hooksOf' | 'revision' | 'sync'>): Promise<DiffResult> =>
      diff({ ...input, manifests: await putJson(deps.artifacts, []), prune: true }),
    backup: createBackup(deps),
    apply: createApply(deps),
    finishHooks: createFinishHooks(deps),
    healthCheck: createHealthCheck(deps),
    liveHealth: createLiveHealth(deps),
    lookAtWindows: createLookAtWindows(deps),
    listActions: createListActions(deps),
    planAction: createPlanAction(deps),
    performAction: createPerformAction(deps),
    prune: createPrune(deps),
    rollback: createRollback(deps),
    runHook: createRunHook(deps),
    record: createRecord(deps),
    ...createLookAtRepository(deps),
    sweepRepositories: createSweepRepositories(deps),
    sweepDrift: createSweepDrift(deps),
    declareApplication: createDeclareApplication(deps),
    registerRepository: createRegisterRepository(deps),
    readArtifactText: createReadArtifactText(deps),
    ...createApplicationCalls(deps),
    scriptState: createScriptState(deps),
    httpRequest: createHttpRequest(deps),
    sendNotification: createSendNotification(deps),
    postCommitStatus: createPostCommitStatus(deps),
    commentDiff: createCommentDiff(deps),
    ...createFolderActivities(deps),
    holdText: createHoldText(deps),
  };
}

export type Activities = ReturnType<typeof createActivities>;
