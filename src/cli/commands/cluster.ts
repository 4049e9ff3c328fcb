/**
 * `cluster list`, `cluster add`, `cluster remove`: the clusters of `config.yaml`.
 */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { ClusterConfig } from '../../adapters/cluster/credentials.js';
import { addCluster, removeCluster } from '../../config/edit-config.js';
import { GitOpsError } from '../../domain/errors.js';
import { clusterConfigs } from '../../worker/cluster-configs.js';
import { configOf, withSession, type CommandEnvironment, type GlobalOptions } from '../environment.js';
import { packageVersion } from '../package-version.js';
import { readServerState } from '../server-state.js';
import { formatList, outputFormat, type Column } from '../table.js';

interface Listed {
  readonly name: string;
  /** Git version of the API server, or why there is none. */
  readonly version?: string;
  readonly unreachable?: string;
  readonly kubeconfig?: string;
  readonly context?: string;
}

const columns: readonly Column<Listed>[] = [
  { title: 'NAME', value: (c) => c.name },
  { title: 'VERSION', value: (c) => c.version ?? '' },
  { title: 'STATE', value: (c) => c.unreachable ?? 'ok' },
  { title: 'KUBECONFIG', value: (c) => c.kubeconfig ?? '', wide: true },
  { title: 'CONTEXT', value: (c) => c.context ?? '', wide: true },
];

export function addClusterCommands(program: Command, environment: CommandEnvironment): void {
  const cluster = program.command('cluster').description('clusters that applications may name');
  addList(cluster, environment);
  addAdd(cluster, environment);
  addRemove(cluster, environment);
}

function addList(cluster: Command, environment: CommandEnvironment): void {
  cluster
    .command('list')
    .description('the clusters, their versions, and which of them do not answer')
    .option('-o, --output <format>', 'table, wide, json, yaml or name', 'table')
    .action(async (options: { output: string }, command: Command) => {
      const format = outputFormat(options.output);
      const known = Object.entries(clusterConfigs(configOf(command, environment)));
      const listed = await Promise.all(known.map(([name, config]) => look(name, config)));
      environment.terminal.print(formatList(listed, columns, format));
    });
}

async function look(name: string, config: ClusterConfig): Promise<Listed> {
  const { kubeconfigPath: kubeconfig, context } = config;
  const place = { ...(kubeconfig === undefined ? {} : { kubeconfig }), ...(context === undefined ? {} : { context }) };
  try {
    return { name, version: await versionOf(name, config), ...place };
  } catch (error) {
    return { name, unreachable: (error as Error).message.split('\n')[0] ?? '', ...place };
  }
}

/** @throws GitOpsError ClusterUnreachable, ClusterAuthentication, Forbidden, InvalidConfig */
async function versionOf(name: string, config: ClusterConfig): Promise<string> {
  const { KubeconfigClusters } = await import('../../adapters/cluster/kubeconfig-clusters.js');
  const clusters = new KubeconfigClusters({ clusters: { [name]: config }, version: packageVersion() });
  try {
    return await (await clusters.get(name)).version({ signal: AbortSignal.timeout(10_000) });
  } finally {
    await clusters.close();
  }
}

interface AddOptions {
  readonly allowExec?: boolean;
}

function addAdd(cluster: Command, environment: CommandEnvironment): void {
  cluster
    .command('add')
    .description('let applications name a cluster, once it has answered; written to config.yaml')
    .argument('<name>', 'what applications call it')
    .option('--allow-exec', 'credential plugins of its kubeconfig may run')
    .addHelpText('after', '\n--kubeconfig FILE says where its kubeconfig lies, --context NAME which context of it.')
    .action(async (name: string, { allowExec }: AddOptions, command: Command) => {
      checkName(name);
      const { kubeconfig, context } = command.optsWithGlobals<GlobalOptions>();
      if (kubeconfig === undefined) throw withoutKubeconfig(name);
      const place = { kubeconfig: resolve(kubeconfig), ...(context === undefined ? {} : { context }) };
      const exec = allowExec === true;
      const { kubeconfig: kubeconfigPath, ...rest } = place;
      const version = await versionOf(name, { kubeconfigPath, ...rest, ...(exec ? { allowExec } : {}) });
      const { file, home } = configOf(command, environment);
      addCluster(file, name, { ...place, ...(exec ? { allow_exec: true } : {}) });
      environment.terminal.print(`${name} added, Kubernetes ${version}`);
      noteRestart(home, environment);
    });
}

function withoutKubeconfig(name: string): GitOpsError {
  return new GitOpsError('InvalidInput', `where the kubeconfig of ${name} lies was not said`, {
    hint: `sloth-runner cluster add ${name} --kubeconfig FILE`,
  });
}

function checkName(name: string): void {
  if (/^[A-Za-z0-9][\w.-]*$/.test(name) && name !== 'local') return;
  throw new GitOpsError('InvalidInput', `'${name}' cannot be the name of a cluster`, {
    hint: name === 'local' ? 'local is the control plane of this machine' : 'use letters, digits, . _ and -',
  });
}

function addRemove(cluster: Command, environment: CommandEnvironment): void {
  cluster
    .command('remove')
    .description('forget a cluster that no application goes to')
    .argument('<name>', 'its name in config.yaml')
    .action((name: string, _options: unknown, command: Command) =>
      withSession(command, environment, async ({ client }, config) => {
        const users = (await client.list()).filter((app) => app.cluster === name).map((app) => app.name);
        if (users.length > 0)
          throw new GitOpsError('HasDependents', `${name} is where ${users.slice(0, 10).join(', ')} go`, {
            hint: 'delete these applications first, or declare them elsewhere',
          });
        removeCluster(config.file, name);
        environment.terminal.print(`${name} removed`);
        noteRestart(config.home, environment);
      }),
    );
}

/** Workers read the configuration when they start. */
function noteRestart(home: string, { terminal }: CommandEnvironment): void {
  if (readServerState(home) !== undefined)
    terminal.note('the server knows of it when it is started again: sloth-runner server stop, then any command');
}
