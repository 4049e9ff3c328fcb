/**
 * Replays stored histories on the built workflows, in a process of its own: the SDK reads histories from JSON with
 * protobuf classes that Jest's module registry loads twice.
 *
 *   node test/replay/replay-histories.mjs [--bundle FILE] HISTORY.json...
 *
 * Prints a JSON line a history: {"name", "error"}; error is null when it replays.
 */
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({ options: { bundle: { type: 'string' } }, allowPositionals: true });
const codePath = values.bundle ?? fileURLToPath(new URL('../../dist/workflow-bundle.js', import.meta.url));

Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions: { logging: { forward: {}, filter: 'OFF' } } });

function* histories() {
  for (const file of positionals) {
    const workflowId = basename(file, '.json');
    yield { workflowId, history: JSON.parse(readFileSync(file, 'utf8')) };
  }
}

for await (const { workflowId, error } of Worker.runReplayHistories({ workflowBundle: { codePath } }, histories()))
  console.log(
    JSON.stringify({ name: workflowId, error: error === undefined ? null : `${error.name}: ${error.message}` }),
  );
