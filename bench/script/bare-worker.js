/**
 * The worker of the bare workflow, in a process of its own and with the settings of our Lua worker. Until SIGTERM.
 */
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, makeTelemetryFilterString, NativeConnection, Runtime, Worker } from '@temporalio/worker';

const address = process.env.TEMPORAL_ADDRESS;
Runtime.install({
  logger: new DefaultLogger('WARN'),
  telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: 'ERROR' }), forward: {} } },
  shutdownSignals: [],
});
const client = new Client({ connection: await Connection.connect({ address }) });
const worker = await Worker.create({
  connection: await NativeConnection.connect({ address }),
  taskQueue: 'bare',
  workflowsPath: fileURLToPath(new URL('bare-workflow.js', import.meta.url)),
  activities: {
    nothing: async () => ({ status: 'synced', health: 'Healthy' }),
    queryStatus: ({ app }) => client.workflow.getHandle(`gitops/${app}`).query('status'),
  },
  maxConcurrentActivityTaskExecutions: 24,
  maxConcurrentWorkflowTaskExecutions: 16,
  maxCachedWorkflows: 60,
});
process.once('SIGTERM', () => worker.shutdown());
const running = worker.run();
console.log(`bare worker serves Temporal at ${address}`);
await running;
process.exit(0);
