/**
 * A real Kubernetes control plane on this machine: etcd, kube-apiserver, kube-controller-manager, kube-scheduler, and
 * kwok, which plays the nodes, so that Deployments become ready without containers.
 *
 * A Pod whose container image has the tag `broken` never becomes ready: it waits in ImagePullBackOff.
 *
 * Invariants:
 * 1. Nothing listens outside 127.0.0.1; no request is served without a certificate or a token.
 * 2. All files lie in one folder of mode 0700; starting again in it brings the same cluster back.
 * 3. Only processes recorded in the folder's `control-plane.json` are ever signalled, each by pid and start time.
 */
import { resolve } from 'node:path';
import { GitOpsError } from '../domain/errors.js';
import { apiRequest, type ApiServer } from './api-request.js';
import { createBaseObjects, isBaseReady } from './control-plane-base-objects.js';
import { adminContext, engineContext, writeConfiguration } from './control-plane-config.js';
import { clientCredentials, ensureIdentities, readTokens, type UserTokens } from './control-plane-identities.js';
import { controlPlaneLayout, createFolders, type ControlPlaneLayout } from './control-plane-layout.js';
import { partNames, partSpec, type ControlPlaneSettings, type PartName } from './control-plane-processes.js';
import { readState, removeState, runningProcesses, writeState, type ControlPlaneState } from './control-plane-state.js';
import { freePorts, loopback } from './free-port.js';
import { startProcess, waitUntilReady, type RunningProcess } from './process-group.js';
import { stopProcess } from './process-identity.js';

/** How to start a control plane. */
export interface ControlPlaneOptions {
  /** Folder for everything it writes; created with mode 0700. */
  readonly dir: string;
  /** Addresses of Services, default 10.96.0.0/16. A /24 runs out at 250 Services. */
  readonly serviceCidr?: string;
  /** Addresses of Pods, default 10.244.0.0/16. */
  readonly podCidr?: string;
  /**
   * Whether etcd waits for the disk on each write; default false: many times faster, and a crash of the machine (not of
   * a process) may lose the cluster. Right for tests and the demo.
   */
  readonly fsync?: boolean;
  /** false: Ctrl-C reaches it and it is killed when this process exits. Default true: it outlives us. */
  readonly detached?: boolean;
  /** Told one line per phase. */
  readonly log?: (line: string) => void;
  /** Time until it must be ready; default 60 000 ms. */
  readonly timeoutMs?: number;
}

/** A control plane that answers. */
export interface ControlPlane {
  readonly dir: string;
  /** A kubeconfig with both contexts and the credentials inside; the engine's context is the current one. */
  readonly kubeconfig: string;
  readonly serverUrl: string;
  /** JSON lines, one per finished request; the API server writes a line before the client has its answer. */
  readonly auditLog: string;
  /** The context in which Sloth Runner works, as user `sloth-runner`. */
  readonly context: string;
  /** The context for people and for tests that meddle, as user `sloth-runner-local-admin`. */
  readonly adminContext: string;
  /** Bearer tokens of the same two users. */
  readonly tokens: UserTokens;
  /** PEM text of the authority to trust. */
  readonly certificateAuthority: string;
  /** Pid of each process. */
  readonly processes: Readonly<Record<string, number>>;
  /** Stops all five and keeps the folder; resolves when they are gone. */
  stop(): Promise<void>;
}

/**
 * Starts a control plane, resolving when a Deployment could be applied and would become ready. On a folder used before,
 * the old cluster comes back on new ports. Rejects with `ToolMissing` (run tools/install.sh), or `LocalClusterFailed`
 * with the end of the guilty log; what was started is stopped then.
 */
export async function startControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  const layout = controlPlaneLayout(resolve(options.dir));
  refuseWhenRunning(layout);
  createFolders(layout);
  try {
    return await start(layout, options);
  } catch (error) {
    await stopControlPlane(layout.dir);
    throw error;
  }
}

/** The control plane that runs in a folder and answers, or undefined. */
export async function attachControlPlane(dir: string): Promise<ControlPlane | undefined> {
  const layout = controlPlaneLayout(resolve(dir));
  const state = readState(layout);
  if (state === undefined || runningProcesses(state).length < partNames.length) return undefined;
  const ready = await isServerReady(adminOf(layout, state.serverUrl)).catch(() => false);
  return ready ? controlPlane(layout, state) : undefined;
}

/**
 * Stops whatever runs of the control plane in a folder, also after a start that was cut short. Resolves with false when
 * nothing ran. The folder and the cluster's data stay.
 */
export async function stopControlPlane(dir: string): Promise<boolean> {
  const layout = controlPlaneLayout(resolve(dir));
  const state = readState(layout);
  if (state === undefined) return false;
  const running = runningProcesses(state);
  // Clients first: an API server waits for their watches, and etcd for the API server.
  for (const tier of [['kube-controller-manager', 'kube-scheduler', 'kwok'], ['kube-apiserver'], ['etcd']]) {
    const members = running.filter(({ name }) => tier.includes(name));
    await Promise.all(members.map(({ pid, startedAt }) => stopProcess({ pid, startedAt })));
  }
  removeState(layout);
  return running.length > 0;
}

function refuseWhenRunning(layout: ControlPlaneLayout): void {
  const state = readState(layout);
  if (state === undefined || runningProcesses(state).length === 0) return;
  throw new GitOpsError('LocalClusterFailed', `a control plane already runs in ${layout.dir}`, {
    hint: 'attach to it, or stop it first',
    retryable: false,
  });
}

async function start(layout: ControlPlaneLayout, options: ControlPlaneOptions): Promise<ControlPlane> {
  const log = options.log ?? (() => undefined);
  const timeoutMs = options.timeoutMs ?? 60_000;
  const settings = await chooseSettings(options);
  const serverUrl = `https://${loopback}:${settings.serverPort}`;
  log('making certificates and configuration');
  await ensureIdentities(layout);
  writeConfiguration(layout, serverUrl);

  const started: RunningProcess[] = [];
  const startParts = async (parts: readonly PartName[]): Promise<void> => {
    for (const part of parts) {
      started.push(await startProcess(partSpec(part, layout, settings)));
      writeState(layout, { version: 1, serverUrl, processes: [...started] });
    }
  };
  const admin = adminOf(layout, serverUrl);

  log('starting etcd and the API server');
  await startParts(['etcd', 'kube-apiserver']);
  const isReady = (): Promise<boolean> => isServerReady(admin);
  await waitUntilReady({ what: 'the API server', processes: started, isReady, timeoutMs });

  log('starting the controllers, the scheduler and kwok');
  await startParts(['kube-controller-manager', 'kube-scheduler', 'kwok']);
  await createBaseObjects(admin);
  const isUsable = (): Promise<boolean> => isBaseReady(admin);
  await waitUntilReady({ what: 'the cluster', processes: started, isReady: isUsable, timeoutMs });
  log(`ready at ${serverUrl}`);
  return controlPlane(layout, { version: 1, serverUrl, processes: started });
}

async function chooseSettings(options: ControlPlaneOptions): Promise<ControlPlaneSettings> {
  const [etcdPort = 0, etcdPeerPort = 0, serverPort = 0] = await freePorts(3);
  return {
    etcdPort,
    etcdPeerPort,
    serverPort,
    serviceCidr: options.serviceCidr ?? '10.96.0.0/16',
    podCidr: options.podCidr ?? '10.244.0.0/16',
    fsync: options.fsync ?? false,
    detached: options.detached ?? true,
  };
}

function controlPlane(layout: ControlPlaneLayout, state: ControlPlaneState): ControlPlane {
  return {
    dir: layout.dir,
    kubeconfig: layout.kubeconfig,
    serverUrl: state.serverUrl,
    auditLog: layout.auditLog,
    context: engineContext,
    adminContext,
    tokens: readTokens(layout),
    certificateAuthority: clientCredentials(layout, 'admin').ca,
    processes: Object.fromEntries(state.processes.map(({ name, pid }) => [name, pid])),
    stop: async () => void (await stopControlPlane(layout.dir)),
  };
}

function adminOf(layout: ControlPlaneLayout, url: string): ApiServer {
  return { url, credentials: clientCredentials(layout, 'admin') };
}

async function isServerReady(server: ApiServer): Promise<boolean> {
  return (await apiRequest(server, 'GET', '/readyz')).status === 200;
}
