/** The list of what waits for a person: each with the run to say yes or no to. */
import type { GitOpsClient, RunSummary } from '../../client/index.js';

/** As many scripts and promotions are asked, the newest. */
const asked = 100;

export async function waitingForPeople(client: GitOpsClient): Promise<object[]> {
  return (await Promise.all([plans(client), environments(client), questions(client)])).flat();
}

async function plans({ approvals }: GitOpsClient): Promise<object[]> {
  const waiting = await approvals.waiting();
  return waiting.map(({ workflowId: run, approval, ...place }) => ({ kind: 'plan', run, ...place, ...approval }));
}

async function environments({ promotions }: GitOpsClient): Promise<object[]> {
  const open = await promotions.list({ open: true, limit: asked });
  return open.flatMap(({ id: run, approval }) =>
    approval === undefined ? [] : [{ kind: 'promotion', run, ...approval }],
  );
}

async function questions(client: GitOpsClient): Promise<object[]> {
  const runs = await client.workflows.list({ type: 'script', open: true, limit: asked });
  return (await Promise.all(runs.map((run) => questionsOf(client, run)))).flat();
}

async function questionsOf({ scripts }: GitOpsClient, { id: run }: RunSummary): Promise<object[]> {
  const open = await scripts.questions({ workflowId: run });
  return open.map(({ number, ...more }) => ({ kind: 'question', run, question: number, ...more }));
}
