/**
 * The local server's note of itself (`<home>/server.json`) and the lock by which two commands at once start only one.
 */
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRunning, type ProcessIdentity } from '../local/process-identity.js';

export interface ServerState extends ProcessIdentity {
  readonly address: string;
  readonly uiUrl: string | null;
  readonly namespace: string;
  /** Kubeconfig it was told to use; null for the usual one. */
  readonly kubeconfig: string | null;
  readonly version: string;
  /** Of the API, and the file of its token; absent while it runs without. */
  readonly apiUrl?: string;
  readonly apiTokenFile?: string;
}

export function statePath(home: string): string {
  return join(home, 'server.json');
}

export function logPath(home: string): string {
  return join(home, 'server.log');
}

/** The file that decides which clusters a server started here would drive; undefined for the user's own. */
export function kubeconfigOf({ kubeconfig }: { kubeconfig?: string | undefined }): string | undefined {
  return kubeconfig ?? (process.env['KUBECONFIG'] || undefined);
}

/** The server that runs for this home, if one does. */
export function readServerState(home: string): ServerState | undefined {
  try {
    const state = JSON.parse(readFileSync(statePath(home), 'utf8')) as ServerState;
    return isRunning(state) ? state : undefined;
  } catch {
    return undefined;
  }
}

export function writeServerState(home: string, state: ServerState): void {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const temporary = `${statePath(home)}.${process.pid}`;
  writeFileSync(temporary, JSON.stringify(state, null, 2), { mode: 0o600 });
  renameSync(temporary, statePath(home));
}

export function removeServerState(home: string): void {
  rmSync(statePath(home), { force: true });
}

/** A lock nobody can have held that long: starting a server takes seconds. */
const staleLockMs = 120_000;

/**
 * Takes the start lock, or returns undefined when another command holds it.
 * @returns releases the lock
 */
export function takeStartLock(home: string): (() => void) | undefined {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const path = join(home, 'server.lock');
  if (isStale(path)) rmSync(path, { force: true });
  try {
    closeSync(openSync(path, 'wx', 0o600));
    return () => rmSync(path, { force: true });
  } catch {
    return undefined;
  }
}

function isStale(path: string): boolean {
  try {
    return Date.now() - statSync(path).mtimeMs > staleLockMs;
  } catch {
    return false;
  }
}
