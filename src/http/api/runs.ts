/** Whatever runs on Temporal for us, and scripts. */
import * as answers from '../../schema/api-answers.js';
import * as requests from '../../schema/api-requests.js';
import { route, type AnyRoute } from '../route.js';
import { defined } from './applications.js';

const unknown = ['UnknownWorkflow'] as const;

export const runRoutes: readonly AnyRoute[] = [
  route({
    id: 'listRuns',
    method: 'GET',
    path: '/runs',
    summary: 'Runs, newest first: scripts, syncs, previews and the rest',
    query: requests.runsQuery,
    answer: answers.listOf(answers.runAnswer),
    handle: async ({ client, query }) => ({ items: await client.workflows.list(defined(query)) }),
  }),
  route({
    id: 'getRun',
    method: 'GET',
    path: '/runs/:run',
    summary: 'One run; of a script also the questions that are open, or its metrics once it has ended',
    params: requests.runPath,
    answer: answers.runDetailAnswer,
    fails: unknown,
    handle: async ({ client, params: { run: id } }) => {
      const run = await client.workflows.describe(id);
      if (run.type !== 'script') return run;
      return run.status === 'RUNNING'
        ? { ...run, questions: await client.scripts.questions({ workflowId: id }) }
        : { ...run, metrics: await client.scripts.metrics({ workflowId: id }) };
    },
  }),
  route({
    id: 'getRunSteps',
    method: 'GET',
    path: '/runs/:run/steps',
    summary: 'Every step of a run in words, oldest first',
    params: requests.runPath,
    answer: answers.listOf(answers.stepAnswer),
    fails: unknown,
    handle: async ({ client, params: { run } }) => ({ items: await client.workflows.steps(run) }),
  }),
  route({
    id: 'cancelRun',
    method: 'POST',
    path: '/runs/:run/cancel',
    summary: 'Cancel a run; what it began is brought to a known state first',
    params: requests.runPath,
    status: 202,
    answer: answers.cancelledAnswer,
    fails: unknown,
    handle: async ({ client, params: { run } }) => {
      await client.workflows.cancel(run);
      return { run };
    },
  }),
  route({
    id: 'submitScript',
    method: 'POST',
    path: '/scripts',
    summary: 'Run a Lua script as a durable workflow; /api/v1/stream?run=... follows it',
    body: requests.scriptBody,
    status: 202,
    answer: answers.scriptAnswer,
    fails: ['LiteralSecret'],
    handle: ({ client, body, who }) => client.scripts.start({ ...defined(body), who }),
  }),
];
