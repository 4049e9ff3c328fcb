/**
 * `doctor`: what was found, in which version, and what is off because something is missing.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Command } from 'commander';
import type { Config } from '../../config/config.js';
import { openArtifacts, tryArtifacts } from '../../adapters/artifacts/open-artifacts.js';
import { secretResolver } from '../../adapters/secrets/resolve-secret.js';
import { redact } from '../../domain/redaction.js';
import { helmCommand, kustomizeCommand, type FindRenderer } from '../../adapters/render/render-tools.js';
import { findTool, type ToolName } from '../../local/tools-cache.js';
import { clusterConfigs, localClusterFolder } from '../../worker/cluster-configs.js';
import { configOf, type CommandEnvironment, type SetExit } from '../environment.js';
import { packageVersion } from '../package-version.js';
import { readServerState } from '../server-state.js';
import { formatList, outputFormat, type Column } from '../table.js';

interface Finding {
  readonly part: string;
  readonly state: 'ok' | 'missing' | 'off';
  readonly detail: string;
}

const columns: readonly Column<Finding>[] = [
  { title: 'PART', value: (f) => f.part },
  { title: 'STATE', value: (f) => f.state },
  { title: 'DETAIL', value: (f) => f.detail },
];

export function addDoctorCommand(program: Command, environment: CommandEnvironment, exit: SetExit): void {
  program
    .command('doctor')
    .description('what is found, which versions, what is off and why')
    .option('-o, --output <format>', 'table, json or yaml', 'table')
    .action(async (options: { output: string }, command: Command) => {
      const findings = await examine(configOf(command, environment));
      environment.terminal.print(formatList(findings, columns, outputFormat(options.output)));
      if (findings.some((finding) => finding.state === 'missing')) exit(1);
    });
}

/** Checks run one beside the other; each answers in words whatever happens. */
async function examine(config: Config): Promise<Finding[]> {
  return Promise.all([
    Promise.resolve<Finding>({ part: 'sloth-runner', state: 'ok', detail: packageVersion() }),
    Promise.resolve<Finding>({ part: 'node', state: 'ok', detail: process.version }),
    program('git', 'git', ['--version'], 'missing', 'install git: without it no repository can be cloned'),
    tool('temporal', ['--version'], 'it is fetched when server --dev is started first'),
    tool('kubectl', ['version', '--client'], 'only you need it; tools/install.sh kubectl fetches it'),
    renderer('kustomize', kustomizeCommand, kustomizeVersion),
    renderer('helm', helmCommand, () => ['version', '--short']),
    tool('kube-apiserver', ['--version'], 'local-cluster up builds it first, about six minutes'),
    artifactStore(config),
    server(config),
    localCluster(config),
    defaultCluster(config),
  ]);
}

async function program(
  part: string,
  command: string,
  args: string[],
  absent: 'missing' | 'off',
  otherwise: string,
): Promise<Finding> {
  try {
    const { stdout } = await promisify(execFile)(command, args, { timeout: 10_000 });
    return { part, state: 'ok', detail: stdout.split('\n')[0]?.trim() ?? '' };
  } catch {
    return { part, state: absent, detail: otherwise };
  }
}

function tool(name: ToolName, args: string[], otherwise: string): Promise<Finding> {
  try {
    return program(name, findTool(name), args, 'off', otherwise);
  } catch {
    return Promise.resolve({ part: name, state: 'off', detail: otherwise });
  }
}

/** @param version the arguments that print it, behind those that start the program */
async function renderer(
  part: string,
  find: FindRenderer,
  version: (command: readonly string[]) => readonly string[],
): Promise<Finding> {
  const otherwise = `sources of that type cannot be rendered; tools/install.sh kubectl fetches it`;
  try {
    const [path = '', ...args] = find();
    const { stdout } = await promisify(execFile)(path, [...version(args)], { timeout: 10_000 });
    const line = stdout.split('\n').find((one) => /kustomize|^v/i.test(one)) ?? '';
    return { part, state: 'ok', detail: `${line.replace(/^Kustomize Version: /, '').trim()} (${path})` };
  } catch {
    return { part, state: 'off', detail: otherwise };
  }
}

/** Inside kubectl it is told beside kubectl's own. */
function kustomizeVersion([first]: readonly string[]): readonly string[] {
  return first === 'kustomize' ? ['version', '--client'] : ['version'];
}

function server(config: Config): Promise<Finding> {
  const state = readServerState(config.home);
  const detail =
    state === undefined
      ? 'not running; run and app start it'
      : `pid ${state.pid}, Temporal ${state.address}, web UI ${state.uiUrl ?? '-'}`;
  return Promise.resolve({ part: 'local server', state: state === undefined ? 'off' : 'ok', detail });
}

async function artifactStore(config: Config): Promise<Finding> {
  const part = 'artifact store';
  try {
    return { part, state: 'ok', detail: await tryArtifacts(openArtifacts(config, secretResolver(config)), config) };
  } catch (error) {
    return { part, state: 'missing', detail: redact((error as Error).message.split('\n')[0] ?? '') };
  }
}

async function localCluster(config: Config): Promise<Finding> {
  const { attachControlPlane } = await import('../../local/control-plane.js');
  const plane = await attachControlPlane(localClusterFolder(config.home));
  if (plane === undefined)
    return { part: 'local cluster', state: 'off', detail: 'not running; sloth-runner local-cluster up starts it' };
  return { part: 'local cluster', state: 'ok', detail: plane.serverUrl };
}

async function defaultCluster(config: Config): Promise<Finding> {
  const { KubeconfigClusters } = await import('../../adapters/cluster/kubeconfig-clusters.js');
  const clusters = new KubeconfigClusters({ clusters: clusterConfigs(config), version: packageVersion() });
  try {
    const version = await (await clusters.get('default')).version();
    return { part: 'default cluster', state: 'ok', detail: `Kubernetes ${version}` };
  } catch (error) {
    return { part: 'default cluster', state: 'off', detail: (error as Error).message.split('\n')[0] ?? '' };
  } finally {
    await clusters.close();
  }
}
