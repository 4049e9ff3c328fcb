/**
 * Everything the activities need, built once per process from the configuration. The only place besides the entry
 * points where adapters are constructed.
 */
import { Client, Connection } from '@temporalio/client';
import type { Dependencies } from '../activities/index.js';
import { RepositoryLookup } from '../activities/repository-lookup.js';
import { openArtifacts } from '../adapters/artifacts/open-artifacts.js';
import { KubeconfigClusters } from '../adapters/cluster/kubeconfig-clusters.js';
import { forgeOpener } from '../adapters/forge/open-forge.js';
import { createExchange } from '../adapters/http/exchange.js';
import { GuardedAgent } from '../adapters/http/guarded-agent.js';
import { sendRequest } from '../adapters/http/request.js';
import { createSendMail } from '../adapters/mail/send-mail.js';
import { createGit, createWorkTrees } from '../adapters/repository/create-git.js';
import { secretResolver } from '../adapters/secrets/resolve-secret.js';
import { RunFolders } from '../adapters/workspace/run-folders.js';
import { GitOpsClient } from '../client/gitops-client.js';
import { connectionOptions, type TemporalAddress } from '../client/temporal-options.js';
import type { Config } from '../config/config.js';
import { loadGovernance } from '../config/governance.js';
import { actionScripts } from './action-scripts.js';
import { clusterConfigs } from './cluster-configs.js';
import { healthScripts, luaJudge } from './health-scripts.js';

export interface BuiltDependencies extends Dependencies {
  readonly clusters: KubeconfigClusters;
  close(): Promise<void>;
}

/** @param version of Sloth Runner, for the User-Agent */
export async function buildDependencies(
  config: Config,
  temporal: TemporalAddress,
  version: string,
): Promise<BuiltDependencies> {
  const governance = loadGovernance(config); // before anything is opened: it may refuse
  const connection = await Connection.connect(connectionOptions(temporal));
  const resolveSecret = secretResolver(config);
  const artifacts = openArtifacts(config, resolveSecret);
  await artifacts.tidy();
  const { driftIntervalMs } = config;
  const temporalClient = new Client({ connection, namespace: temporal.namespace });
  const client = new GitOpsClient(temporalClient, artifacts, { driftIntervalMs });
  const clusters = new KubeconfigClusters({ clusters: clusterConfigs(config), version });
  const git = createGit(config);
  const guard = new GuardedAgent({ allowLinkLocal: config.allowLinkLocal });
  const exchange = createExchange(guard);
  const folders = new RunFolders(config.home);
  const sweeping = sweepFolders(folders, temporalClient);
  return {
    artifacts,
    clusters,
    git,
    client,
    repositories: new RepositoryLookup(client, git, config.repositoryUrls),
    customHealth: config.healthChecks === undefined ? undefined : await healthScripts(config.healthChecks),
    actionScripts: actionScripts(config.healthChecks),
    exchange,
    openForge: forgeOpener(exchange, config),
    sendMail: createSendMail(guard),
    checkTools: { send: sendRequest, resolveSecret, judgeByLua: luaJudge() },
    governance,
    shellAllowed: config.shellAllowed,
    folders,
    workTrees: createWorkTrees(config),
    resolveSecret,
    now: Date.now,
    close: async () => {
      clearInterval(sweeping);
      folders.close();
      await guard.agent.destroy();
      await clusters.close();
      await connection.close();
    },
  };
}

const sweepIntervalMs = 10 * 60_000;

/** Folders of runs that were terminated: those say no goodbye. */
function sweepFolders(folders: RunFolders, { workflow }: Client): NodeJS.Timeout {
  const isOpen = async (run: { workflowId: string; runId: string }): Promise<boolean> =>
    (await workflow.getHandle(run.workflowId, run.runId).describe()).status.name === 'RUNNING';
  return setInterval(() => void folders.removeClosed(isOpen), sweepIntervalMs).unref();
}
