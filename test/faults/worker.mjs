/**
 * The product's worker as a process of the rig: started by the product's own `startWorkers` from the build, with fault
 * points around its activities and its writes. What is wrapped calls the product and adds nothing to what it does,
 * except that each request to the API server says in its User-Agent which attempt of which step sent it: the audit log
 * then tells every writer from every other one.
 *
 * Arguments: the rig's folder, the kubeconfig, Temporal's address, a name. BUNDLE: a file of other workflows than the
 * built ones.
 */
import { Context } from '@temporalio/activity';
import { native } from '@temporalio/core-bridge';
import { Worker } from '@temporalio/worker';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HttpCluster } from '../../dist/adapters/cluster/http-cluster.js';
import { Transport } from '../../dist/adapters/cluster/transport.js';
import { startWorkers } from '../../dist/cli/start-workers.js';
import { loadConfig } from '../../dist/config/config.js';
import { FaultPoints } from './fault-points.mjs';

const [folder, kubeconfig, address, name] = process.argv.slice(2);
const points = new FaultPoints(folder);

const aroundActivities = (context) => ({
  inbound: {
    async execute(input, next) {
      await alive(context, 'before');
      const result = await next(input);
      await alive(context, 'after');
      return result;
    },
  },
});

/** One that is held has a heart: it stands still, and is not to be taken for dead. */
async function alive(context, when) {
  const { activityType, isLocal, heartbeatDetails } = context.info;
  const beat = setInterval(() => isLocal || context.heartbeat(heartbeatDetails), 500);
  await points.reach(activityType, when, context.cancellationSignal).finally(() => clearInterval(beat));
}

/** A dry run writes nothing and passes untouched. */
function aroundWrites(method, when) {
  const write = HttpCluster.prototype[method];
  HttpCluster.prototype[method] = async function (object, options) {
    if (options?.dryRun) return write.call(this, object, options);
    const { info, cancellationSignal } = Context.current();
    await points.reach(info.activityType, `before ${when}`, cancellationSignal);
    const answer = await write.call(this, object, options);
    await points.reach(info.activityType, `after ${when}`, cancellationSignal);
    return answer;
  };
}

function nameTheWriter(method) {
  const send = Transport.prototype[method];
  Transport.prototype[method] = function (...args) {
    Object.defineProperty(this, 'userAgent', { get: writer });
    return send.apply(this, args);
  };
}

function writer() {
  const { workflowExecution, activityType, attempt, currentAttemptScheduledTimestampMs } = Context.current().info;
  const { workflowId, runId } = workflowExecution;
  const facts = [workflowId, runId, activityType, attempt, currentAttemptScheduledTimestampMs, name];
  return `sloth-runner/rig ${facts.join(' ')}`;
}

/** What a workflow task decided leaves the process here, as bytes for Temporal's core. */
function insideWorkflowTasks() {
  const complete = native.workerCompleteWorkflowActivation;
  native.workerCompleteWorkflowActivation = (worker, bytes) => {
    points.reachIn(bytes, 'in task');
    return complete(worker, bytes);
  };
}

function withWorkflowsOf(codePath) {
  const { create } = Worker;
  Worker.create = (options) =>
    create.call(Worker, options.workflowBundle ? { ...options, workflowBundle: { codePath } } : options);
}

if (process.env.BUNDLE) withWorkflowsOf(process.env.BUNDLE);
for (const method of ['apply', 'delete', 'mergePatch']) aroundWrites(method, 'write');
for (const method of ['create', 'replace']) aroundWrites(method, 'fence');
for (const method of ['send', 'stream']) nameTheWriter(method);
insideWorkflowTasks();

const workers = await startWorkers(
  loadConfig({ flags: { home: folder, kubeconfig }, env: {} }),
  { address, namespace: 'default', local: true },
  { roles: ['engine', 'lua', 'git', 'cluster'] },
  { interceptors: { activity: [aroundActivities] } },
);
writeFileSync(join(folder, `${name}.ready`), '');
process.once('SIGTERM', () => workers.stop().then(() => process.exit(0)));
await workers.done;
