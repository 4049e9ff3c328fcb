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

export interface WorkerOptions extends Pick<WorkerSettings, 'interceptors' | 'queues'> {
  /** `host:port` where Prometheus finds what the workers and Temporal's SDK count; nowhere when absent. */
  readonly metrics?: string | undefined;
  readonly log?: WriteLog;
}

/** @throws GitOpsError TemporalUnavailable, UnknownCluster */
export async function startWorkers(
  config: Config,
  temporal: TemporalAddress,
  { roles, clusters }: Choice,
  { metrics, log = toStderr, ...options }: WorkerOptions = {},
): Promise<StartedWorkers> {
  installRuntime(log, metrics);
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

/** Its log: warnings and errors only, one line each, masked. */
function installRuntime(log: WriteLog, metrics: string | undefined): void {
  const logger = new DefaultLogger('WARN', ({ level, message, meta }) => {
    log(`${new Date().toISOString()} ${level} ${redact(message)}${metaText(meta)}\n`);
  });
  const logging = { filter: makeTelemetryFilterString({ core: 'ERROR' }), forward: {} };
  try {
    Runtime.install({
      logger,
      telemetryOptions: { logging, ...(metrics === undefined ? {} : { metrics: prometheus(metrics) }) },
      shutdownSignals: [],
    });
  } catch {
    // Installed already: one process may start workers twice (tests do).
  }
}

const prometheus = (bindAddress: string) => ({
  prometheus: { bindAddress, useSecondsForDurations: true, countersTotalSuffix: true, unitSuffix: true },
});

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
