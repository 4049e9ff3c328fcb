/** What waits for a person: the questions of scripts. */
import type { GitOpsClient } from '../../client/index.js';
import * as answers from '../../schema/api-answers.js';
import * as requests from '../../schema/api-requests.js';
import { route, type AnyRoute } from '../route.js';
import { defined } from './applications.js';

/** As many runs are asked for their questions, the newest. */
const asked = 100;

export const approvalRoutes: readonly AnyRoute[] = [
  route({
    id: 'listApprovals',
    method: 'GET',
    path: '/approvals',
    summary: 'What waits for a person now',
    answer: answers.listOf(answers.approvalAnswer),
    handle: async ({ client }) => ({ items: await openQuestions(client) }),
  }),
  ...(['approve', 'reject'] as const).map((verb) => {
    const otherwise = verb === 'approve' ? 'y' : 'n';
    return route({
      id: `${verb}Question`,
      method: 'POST',
      path: `/approvals/:run/${verb}`,
      summary: `Answer the question of a script, "${otherwise}" unless told otherwise`,
      params: requests.runPath,
      body: requests.answerBody,
      answer: answers.answeredAnswer,
      fails: ['UnknownWorkflow', 'NoQuestion'],
      handle: async ({ client, params: { run }, body: { answer = otherwise, ...rest }, who: by }) => {
        const { number } = await client.scripts.answer({ workflowId: run }, { answer, by, ...defined(rest) });
        return { run, question: number, answer };
      },
    });
  }),
];

async function openQuestions(client: GitOpsClient): Promise<object[]> {
  const runs = await client.workflows.list({ type: 'script', open: true, limit: asked });
  const open = await Promise.all(
    runs.map(async ({ id: run }) => {
      const questions = await client.scripts.questions({ workflowId: run });
      return questions.map(({ number, ...more }) => ({ run, kind: 'question', question: number, ...more }));
    }),
  );
  return open.flat();
}
