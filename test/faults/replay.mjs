/**
 * Replays every history that a Temporal holds on the built workflows, and prints those that do not as a JSON array. A
 * process of its own: the SDK's native part keeps Jest from ending.
 *
 * Arguments: Temporal's address.
 */
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { fileURLToPath } from 'node:url';

Runtime.install({ logger: new DefaultLogger('ERROR') });
const connection = await Connection.connect({ address: process.argv[2] });
const { workflow } = new Client({ connection });
const workflowBundle = { codePath: fileURLToPath(new URL('../../dist/workflow-bundle.js', import.meta.url)) };

async function* histories() {
  for await (const { workflowId, runId } of workflow.list()) {
    yield { workflowId, history: await workflow.getHandle(workflowId, runId).fetchHistory() };
  }
}

const failures = [];
let replayed = 0;
for await (const { workflowId, error } of Worker.runReplayHistories({ workflowBundle }, histories())) {
  replayed++;
  if (error !== undefined) failures.push(`${workflowId}: ${error.message}`);
}
console.log(JSON.stringify({ replayed, failures }));
process.exit(0);
