import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Connection } from '@temporalio/client';
import { GitOpsError } from '../domain/errors.js';
import { freePorts, isPortFree, loopback } from './free-port.js';
import { startProcess, waitUntilReady, type RunningProcess } from './process-group.js';
import { isRunning, stopProcess, type ProcessIdentity } from './process-identity.js';
import { findOrInstallTool } from './tools-cache.js';

/** Type of a search attribute, in the words of the Temporal CLI. */
export type SearchAttributeType = 'Text' | 'Keyword' | 'Int' | 'Double' | 'Bool' | 'Datetime' | 'KeywordList';

/** How to start a Temporal server. */
export interface TemporalServerOptions {
  /** Folder for its database and log; created with mode 0700. */
  readonly dir: string;
  /** Whether to serve the web UI. */
  readonly ui: boolean;
  /** Ports to use; free ones by default. */
  readonly ports?: { readonly grpc?: number; readonly ui?: number };
  /** Registered in the namespace `default` before the server counts as ready. */
  readonly searchAttributes?: Readonly<Record<string, SearchAttributeType>>;
  /** false: Ctrl-C reaches it and it is killed when this process exits. Default true: it outlives us. */
  readonly detached?: boolean;
  /** Told one line per phase. */
  readonly log?: (line: string) => void;
  /** Time until it must be ready; default 60 000 ms. */
  readonly timeoutMs?: number;
}

/** A Temporal server that answers. */
export interface TemporalServer {
  /** host:port of its gRPC service. */
  readonly address: string;
  /** Undefined when started without the web UI. */
  readonly uiUrl: string | undefined;
  readonly pid: number;
  /** With `pid`, what `stopProcess` and `isRunning` of process-identity.ts take: keep it to stop the server later. */
  readonly startedAt: string | undefined;
  readonly logFile: string;
  /** Stops it and keeps its database; resolves when it is gone. */
  stop(): Promise<void>;
}

interface Ports {
  readonly grpc: number;
  readonly ui: number;
  readonly http: number;
  readonly metrics: number;
}

/**
 * Starts Temporal's development server on loopback with a database that survives restarts, resolving when the namespace
 * `default` and the search attributes can be used. Installs the Temporal CLI (10 s) when there is none. At most one
 * server may use a folder at a time; see `ensureTemporalServer`. Rejects with `ToolMissing` or `TemporalUnavailable`.
 */
export async function startTemporalServer(options: TemporalServerOptions): Promise<TemporalServer> {
  const dir = resolve(options.dir);
  const ports = await choosePorts(options.ports);
  const address = `${loopback}:${ports.grpc}`;
  const command = await findOrInstallTool('temporal');
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  options.log?.(`starting Temporal at ${address}`);
  const started = await startProcess({
    name: 'temporal',
    command,
    args: serverArguments(dir, ports, options),
    // Nothing of TEMPORAL_*: the CLI would read an address or a profile that is not about this server.
    env: { HOME: dir, TMPDIR: process.env['TMPDIR'] },
    logFile: join(dir, 'temporal.log'),
    detached: options.detached ?? true,
  });
  const { pid, startedAt, logFile } = started;
  const uiUrl = options.ui ? `http://${loopback}:${ports.ui}` : undefined;
  const note: Note = { pid, startedAt, logFile, address, uiUrl };
  writeFileSync(notePath(dir), JSON.stringify(note), { mode: 0o600 });
  const server = serverOf(dir, note);
  await waitForServer(started, address, options).catch(async (error: unknown) => {
    await server.stop();
    throw error;
  });
  options.log?.(uiUrl === undefined ? 'Temporal is ready' : `Temporal is ready, its web UI at ${uiUrl}`);
  return server;
}

/** What `temporal.json` says of the server that was started in a folder: it may outlive whoever started it. */
interface Note extends ProcessIdentity {
  readonly logFile: string;
  readonly address: string;
  readonly uiUrl: string | undefined;
}

function notePath(dir: string): string {
  return join(dir, 'temporal.json');
}

function serverOf(dir: string, note: Note): TemporalServer {
  const stop = async (): Promise<void> => {
    await stopProcess(note);
    rmSync(notePath(dir), { force: true });
  };
  return { ...note, stop };
}

/**
 * The server that still runs in the folder (its starter was killed), else a new one: two on one database would ruin it.
 * One that runs but does not answer is stopped first. Rejects as `startTemporalServer` does.
 */
export async function ensureTemporalServer(options: TemporalServerOptions): Promise<TemporalServer> {
  const dir = resolve(options.dir);
  const note = readNote(dir);
  if (note === undefined) return startTemporalServer(options);
  const server = serverOf(dir, note);
  const wanted = Object.keys(options.searchAttributes ?? {});
  if (await answers(note.address, wanted).catch(() => false)) {
    options.log?.(`Temporal runs already at ${note.address}`);
    return server;
  }
  await server.stop();
  return startTemporalServer(options);
}

/** Undefined when nothing was started here, or when it has ended. */
function readNote(dir: string): Note | undefined {
  try {
    const note = JSON.parse(readFileSync(notePath(dir), 'utf8')) as Note;
    return isRunning(note) ? note : undefined;
  } catch {
    return undefined;
  }
}

async function answers(address: string, searchAttributes: readonly string[]): Promise<boolean> {
  const { Connection } = await import('@temporalio/client');
  const connection = Connection.lazy({ address });
  try {
    return await connection.withDeadline(Date.now() + 5_000, () => isUsable(connection, searchAttributes));
  } finally {
    await connection.close();
  }
}

async function choosePorts(wanted: TemporalServerOptions['ports'] = {}): Promise<Ports> {
  await Promise.all(Object.values(wanted).map(requireFree));
  const [grpc = 0, ui = 0, http = 0, metrics = 0] = await freePorts(4);
  return { grpc: wanted.grpc ?? grpc, ui: wanted.ui ?? ui, http, metrics };
}

/**
 * Readiness is asked of an address. A server that already listens there would answer for ours, which needs 0.1 s to
 * find the port taken and exit: we would hand out somebody else's server.
 */
async function requireFree(port: number): Promise<void> {
  if (await isPortFree(port)) return;
  throw new GitOpsError('TemporalUnavailable', `port ${port} is in use, so no Temporal server was started on it`, {
    hint: 'stop what listens there, choose another port, or use that server with TEMPORAL_ADDRESS',
    retryable: false,
  });
}

function serverArguments(dir: string, ports: Ports, options: TemporalServerOptions): readonly string[] {
  const attributes = Object.entries(options.searchAttributes ?? {});
  return [
    ...['server', 'start-dev', '--ip', loopback, '--log-level', 'warn'],
    ...['--db-filename', join(dir, 'temporal.db')],
    // Without these two SQLite waits for the disk at each step: 3 workflows a second instead of 17 (design.md section 4).
    ...['--sqlite-pragma', 'journal_mode=WAL', '--sqlite-pragma', 'synchronous=NORMAL'],
    ...['--port', String(ports.grpc), '--http-port', String(ports.http), '--metrics-port', String(ports.metrics)],
    ...(options.ui ? ['--ui-port', String(ports.ui)] : ['--headless']),
    ...attributes.flatMap(([name, type]) => ['--search-attribute', `${name}=${type}`]),
  ];
}

async function waitForServer(started: RunningProcess, address: string, options: TemporalServerOptions): Promise<void> {
  const { Connection } = await import('@temporalio/client');
  // gRPC waits a second after a refused connection, unless told otherwise; the server needs less to start.
  const channelArgs = { 'grpc.initial_reconnect_backoff_ms': 50, 'grpc.max_reconnect_backoff_ms': 200 };
  const connection = Connection.lazy({ address, channelArgs });
  const wanted = Object.keys(options.searchAttributes ?? {});
  try {
    await waitUntilReady({
      what: 'Temporal',
      code: 'TemporalUnavailable',
      processes: [started],
      isReady: () => connection.withDeadline(Date.now() + 2_000, () => isUsable(connection, wanted)),
      timeoutMs: options.timeoutMs ?? 60_000,
    });
  } finally {
    await connection.close();
  }
}

/** The namespace and the search attributes are made after the port opens. */
async function isUsable(connection: Connection, searchAttributes: readonly string[]): Promise<boolean> {
  const namespace = 'default';
  await connection.workflowService.describeNamespace({ namespace });
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  return searchAttributes.every((name) => Object.hasOwn(customAttributes ?? {}, name));
}
