/**
 * From a command to a connected client. Looks for a server in the order of design.md section 6: an address that was
 * given, the server that runs for this home, else one is started in the background.
 */
import { spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openArtifacts } from '../adapters/artifacts/open-artifacts.js';
import { secretResolver } from '../adapters/secrets/resolve-secret.js';
import { connect } from '../client/connection.js';
import type { GitOpsClient } from '../client/gitops-client.js';
import type { Config } from '../config/config.js';
import { GitOpsError } from '../domain/errors.js';
import { kubeconfigOf, logPath, readServerState, takeStartLock, type ServerState } from './server-state.js';
import type { Terminal } from './terminal.js';

export interface Session {
  readonly client: GitOpsClient;
  /** Base address of Temporal's web UI, when it is known. */
  readonly uiUrl: string | undefined;
  close(): Promise<void>;
}

const binary = fileURLToPath(new URL('../../bin/sloth-runner.js', import.meta.url));
const startTimeoutMs = 90_000;
const pollMs = 100;

/** @param start whether a server may be started when none is found */
export async function openSession(config: Config, terminal: Terminal, { start = true } = {}): Promise<Session> {
  const server = config.temporal.address === undefined ? await findOrStart(config, terminal, start) : undefined;
  const address = config.temporal.address ?? server?.address;
  const client = await connect({
    artifacts: openArtifacts(config, secretResolver(config)),
    driftIntervalMs: config.driftIntervalMs,
    ...(address === undefined ? {} : { address }),
    local: server !== undefined,
    ...(config.temporal.namespace === undefined ? {} : { namespace: config.temporal.namespace }),
  });
  return {
    client,
    uiUrl: server?.uiUrl ?? process.env['TEMPORAL_UI_URL'],
    close: () => client.temporal.connection.close(),
  };
}

async function findOrStart(config: Config, terminal: Terminal, start: boolean): Promise<ServerState> {
  const running = readServerState(config.home);
  if (running !== undefined) return sameKubeconfig(running, config);
  if (!start) {
    throw new GitOpsError('TemporalUnavailable', 'no server runs', {
      hint: 'start one with: sloth-runner server --dev',
    });
  }
  return startInBackground(config, terminal);
}

/** Workers read the kubeconfig, not this command: a server that runs with another one must not be used unawares. */
function sameKubeconfig(running: ServerState, config: Config): ServerState {
  const kubeconfig = kubeconfigOf(config);
  if (kubeconfig === undefined || running.kubeconfig === kubeconfig) return running;
  const theirs = running.kubeconfig ?? 'the usual kubeconfig';
  throw new GitOpsError('InvalidConfig', `the server that runs uses ${theirs}, not ${kubeconfig}`, {
    hint: 'sloth-runner server stop, then run this again',
  });
}

/** Starts `server --dev` detached, or waits for the one another command is starting. */
async function startInBackground(config: Config, terminal: Terminal): Promise<ServerState> {
  const { loadGovernance } = await import('../config/governance.js');
  loadGovernance(config); // what keeps workers from starting is said here, not in a log
  const release = takeStartLock(config.home);
  try {
    terminal.note('starting the local server (Temporal and workers) ...');
    const child = release === undefined ? undefined : spawnServer(config);
    const state = await waitForServer(config.home, child);
    if (release !== undefined)
      terminal.note(`server runs in the background (pid ${state.pid}); stop it with: sloth-runner server stop`);
    return state;
  } finally {
    release?.();
  }
}

function spawnServer({ home, kubeconfig }: Config): { exited: () => boolean } {
  const log = openSync(logPath(home), 'a', 0o600);
  const flags = kubeconfig === undefined ? [] : ['--kubeconfig', kubeconfig];
  const child = spawn(process.execPath, [binary, ...flags, 'server', '--dev'], {
    detached: true,
    stdio: ['ignore', log, log],
    env: { ...process.env, SLOTH_HOME: home },
  });
  let gone = false;
  child.once('exit', () => (gone = true));
  child.unref();
  return { exited: () => gone };
}

async function waitForServer(home: string, child: { exited: () => boolean } | undefined): Promise<ServerState> {
  for (const deadline = Date.now() + startTimeoutMs; Date.now() < deadline; await pause(pollMs)) {
    const state = readServerState(home);
    if (state !== undefined) return state;
    if (child?.exited()) break;
  }
  throw new GitOpsError('TemporalUnavailable', 'the local server did not start', { hint: `see ${logPath(home)}` });
}
