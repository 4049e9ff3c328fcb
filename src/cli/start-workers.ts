/**
 * Workers of this process, connected to a Temporal that runs already.
 */
import { DefaultLogger, makeTelemetryFilterString, NativeConnection, Runtime } from '@temporalio/worker';
import type { Config } from '../config/config.js';
import { GitOpsError } from '../domain/errors.js';
import { redact } from '../domain/redaction.js';
import { connectionOptions, type TemporalAddress } from '../client/temporal-options.js';
import { buildDependencies } from '../worker/dependencies.js';
import { servedBy, type Choice } from '../worker/served.js';
import { runWorkers, type WorkerSettings } from '../worker/workers.js';
import { packageVersion } from './package-version.js';

/** Where the lines of the workers go; standard error unless said otherwise. */
export type WriteLog = (line: string) => void;

const toStderr: WriteLog = (line) => void process.stderr.write(line);

export interface StartedWorkers {
  readonly done: Promise<void>;
  stop(): Promise<void>;
}

/** @throws GitOpsError TemporalUnavailable, UnknownCluster */
export async function startWorkers(
  config: Config,
  temporal: TemporalAddress,
  { roles, clusters }: Choice,
  { log = toStderr, ...options }: Pick<WorkerSettings, 'interceptors' | 'queues'> & { readonly log?: WriteLog } = {},
): Promise<StartedWorkers> {
  quietRuntime(log);
  const connection = await connectNative(temporal);
  const dependencies = await buildDependencies(config, temporal, packageVersion());
  const served = await servedBy({ roles, clusters }, config, dependencies.clusters);
  await dependencies.client.drift.settle();
  const { namespace } = temporal;
  const workers = await runWorkers({ connection, namespace, roles, dependencies, served, ...options });
  return {
    done: workers.done,
    stop: async () => {
      workers.shutdown();
      await workers.done.catch(() => undefined);
      await dependencies.close();
      await connection.close();
    },
  };
}

/** Warnings and errors only, one line each, masked. */
function quietRuntime(log: WriteLog): void {
  const logger = new DefaultLogger('WARN', ({ level, message, meta }) => {
    log(`${new Date().toISOString()} ${level} ${redact(message)}${metaText(meta)}\n`);
  });
  try {
    Runtime.install({
      logger,
      telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: 'ERROR' }), forward: {} } },
      shutdownSignals: [],
    });
  } catch {
    // Installed already: one process may start workers twice (tests do).
  }
}

function metaText(meta: Record<string, unknown> | undefined): string {
  const error = meta?.['error'];
  const where = meta?.['workflowId'] ?? '';
  return error === undefined
    ? ` ${String(where)}`
    : ` ${String(where)} ${redact(error instanceof Error ? error.message : String(error))}`;
}

async function connectNative(temporal: TemporalAddress): Promise<NativeConnection> {
  try {
    return await NativeConnection.connect(connectionOptions(temporal));
  } catch (error) {
    throw new GitOpsError('TemporalUnavailable', `no Temporal answers at ${temporal.address}`, {
      hint: 'sloth-runner server --dev brings one along',
      cause: error,
    });
  }
}
