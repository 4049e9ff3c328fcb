/**
 * The local server: Temporal, if asked for, and the workers, in one process.
 */
import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config/config.js';
import { ensureTemporalServer, type TemporalServer } from '../local/temporal-server.js';
import { searchAttributeNames } from '../workflows/search-attributes.js';
import { allRoles } from '../worker/roles.js';
import { startWorkers, type StartedWorkers, type WriteLog } from './start-workers.js';
import type { Terminal } from './terminal.js';

export interface DevServer {
  readonly address: string;
  readonly uiUrl: string | undefined;
  /** Rejects when a worker fails. */
  readonly done: Promise<void>;
  stop(options?: { removeHome?: boolean }): Promise<void>;
}

export interface DevServerOptions {
  readonly ui: boolean;
  /** See WorkerSettings. */
  readonly queues?: readonly string[];
  /** File for what the workers have to say, begun anew; standard error without one. */
  readonly logFile?: string;
}

export async function startDevServer(
  config: Config,
  terminal: Terminal,
  { ui, queues = [], logFile }: DevServerOptions,
): Promise<DevServer> {
  mkdirSync(config.home, { recursive: true, mode: 0o700 });
  const temporal = await ensureTemporalServer({
    dir: join(config.home, 'temporal'),
    ui,
    searchAttributes: Object.fromEntries(searchAttributeNames.map((name) => [name, 'Keyword'])),
    log: (line) => terminal.note(line),
  });
  try {
    const address = { address: temporal.address, namespace: 'default', local: true };
    const workers = await startWorkers(config, address, { roles: allRoles }, { queues, ...logTo(logFile) });
    return running(config, temporal, workers);
  } catch (error) {
    await temporal.stop();
    throw error;
  }
}

function logTo(file: string | undefined): { log?: WriteLog } {
  if (file === undefined) return {};
  writeFileSync(file, '', { mode: 0o600 });
  return { log: (line) => appendFileSync(file, line) };
}

function running(config: Config, temporal: TemporalServer, workers: StartedWorkers): DevServer {
  return {
    address: temporal.address,
    uiUrl: temporal.uiUrl,
    done: workers.done,
    stop: async ({ removeHome = false } = {}) => {
      await workers.stop();
      await temporal.stop();
      if (removeHome) rmSync(config.home, { recursive: true, force: true });
    },
  };
}
