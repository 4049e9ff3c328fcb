/**
 * Workers of this process, connected to a Temporal that runs already.
 */
import { DefaultLogger, makeTelemetryFilterString, NativeConnection, Runtime } from '@temporalio/worker';
import type { Config } from '../config/config.js';
import { GitOpsError } from '../domain/errors.js';
import { redact } from '../domain/redaction.js';
import { connectionOptions, type TemporalAddress } from '../client/temporal-options.js';
import { buildDependencies } from '../worker/dependencies.js';
import { runWorkers, type Role, type WorkerSettings } from '../worker/workers.js';
import { packageVersion } from './package-version.js';

export interface StartedWorkers {
  readonly done: Promise<void>;
  stop(): Promise<void>;
}

export interface WorkerOptions extends Pick<WorkerSettings, 'interceptors' | 'queues'> {
  /** `host:port` where Prometheus finds what the workers and Temporal's SDK count; nowhere when absent. */
  readonly metrics?: string | undefined;
}

/** @throws GitOpsError TemporalUnavailable */
export async function startWorkers(
  config: Config,
  temporal: TemporalAddress,
  roles: readonly Role[],
  { metrics, ...options }: WorkerOptions = {},
): Promise<StartedWorkers> {
  installRuntime(metrics);
  const connection = await connectNative(temporal);
  const dependencies = await buildDependencies(config, temporal, packageVersion());
  await dependencies.client.drift.settle();
  const workers = await runWorkers({ connection, namespace: temporal.namespace, roles, dependencies, ...options });
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
function installRuntime(metrics: string | undefined): void {
  const logger = new DefaultLogger('WARN', ({ level, message, meta }) => {
    process.stderr.write(`${new Date().toISOString()} ${level} ${redact(message)}${metaText(meta)}\n`);
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
