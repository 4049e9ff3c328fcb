/** `/readyz`: whether a request would get anywhere: Temporal answers, and workers poll the queues. */
import type { GitOpsClient } from '../client/index.js';
import { asGitOpsError } from './failure.js';

export interface ReadinessCheck {
  readonly name: string;
  readonly ok: boolean;
  readonly message: string;
}

const patienceMs = 3000;

/** @throws nothing */
export async function readiness(client: GitOpsClient): Promise<readonly ReadinessCheck[]> {
  try {
    const queues = await client.within(patienceMs, () => client.installation.queues());
    return [{ name: 'temporal', ok: true, message: 'answers' }, ...queues.map(checkOf)];
  } catch (error) {
    return [{ name: 'temporal', ok: false, message: asGitOpsError(error).message }];
  }
}

type Queue = Awaited<ReturnType<GitOpsClient['installation']['queues']>>[number];

function checkOf({ queue, tasks, workers }: Queue): ReadinessCheck {
  const ok = workers > 0;
  return {
    name: `${tasks} tasks of ${queue}`,
    ok,
    message: ok ? 'poll' : 'none polls: sloth-runner server starts them',
  };
}
