/**
 * Brief steps (local activities) run where their workflow is. One that this process is not the place for, or whose
 * cluster is silent just now, is refused before it begins; its workflow then sends it to the queue it belongs to. So a
 * cluster that does not answer holds up no workflow task. See docs/decisions/0026.
 */
import { activityInfo } from '@temporalio/activity';
import type {
  ActivityExecuteInput,
  ActivityInboundCallsInterceptor,
  ActivityInterceptorsFactory,
  Next,
} from '@temporalio/worker';
import { GitOpsError } from '../domain/errors.js';
import { placeOf, type StepPlace } from '../workflows/queues.js';

/** What this process is there for. */
export interface Served {
  readonly git: boolean;
  /** Clusters whose queues it works on. */
  readonly clusters: ReadonlySet<string>;
  /** Names that the configuration gives to clusters, served here or not. */
  readonly configured: ReadonlySet<string>;
  /** For how long a cluster has owed an answer, in ms. */
  silentMs(cluster: string): number;
}

/** An API server that answers nobody for that long is not waited for in a workflow task. */
const silenceMs = 1000;

/** @returns why the step has to be done elsewhere, undefined when it may be done here */
export function refusal(step: StepPlace, served: Served): string | undefined {
  if (step === undefined) return undefined;
  if (step.place === 'git') return served.git ? undefined : 'this worker has no git role';
  const { cluster } = step;
  if (!isServed(cluster, served)) return `this worker does not serve cluster '${cluster}'`;
  if (served.silentMs(cluster) > silenceMs) return `cluster '${cluster}' does not answer`;
  return undefined;
}

/** A name nobody configured may be a context of the default kubeconfig: who has that says whether it is one. */
function isServed(cluster: string, { clusters, configured }: Served): boolean {
  return clusters.has(cluster) || (!configured.has(cluster) && clusters.has('default'));
}

class BriefSteps implements ActivityInboundCallsInterceptor {
  constructor(private readonly served: Served) {}

  async execute(input: ActivityExecuteInput, next: Next<ActivityInboundCallsInterceptor, 'execute'>): Promise<unknown> {
    const { isLocal, activityType } = activityInfo();
    const reason = isLocal ? refusal(placeOf(activityType, input.args[0]), this.served) : undefined;
    if (reason !== undefined) throw new GitOpsError('ServedElsewhere', reason);
    return next(input);
  }
}

export function briefStepsOf(served: Served): ActivityInterceptorsFactory {
  return () => ({ inbound: new BriefSteps(served) });
}
