/**
 * What waits for a person, and what people say: plans of syncs, environments of promotions, questions of scripts. One
 * list and two verbs; what is said belongs to the kind of what waits.
 */
import * as answers from '../../schema/api-answers.js';
import * as requests from '../../schema/api-requests.js';
import { route, type AnyRoute } from '../route.js';
import { decide } from './decisions.js';
import { waitingForPeople } from './waiting-for-people.js';

export const approvalRoutes: readonly AnyRoute[] = [
  route({
    id: 'listApprovals',
    method: 'GET',
    path: '/approvals',
    summary: 'What waits for a person now: plans of syncs, environments of promotions, questions of scripts',
    answer: answers.listOf(answers.approvalAnswer),
    handle: async ({ client }) => ({ items: await waitingForPeople(client) }),
  }),
  ...(['approve', 'reject'] as const).map((verb) =>
    route({
      id: verb,
      method: 'POST',
      path: `/approvals/:run/${verb}`,
      summary: `${verb === 'approve' ? 'Say yes' : 'Say no'} to the plan, environment or question that waits`,
      params: requests.decisionPath,
      body: requests.decisionBody,
      answer: answers.decidedAnswer,
      repeatable: true,
      fails: [
        ...(['UnknownApplication', 'UnknownSync', 'UnknownWorkflow', 'NothingToApprove', 'NoQuestion'] as const),
        ...(['PlanMismatch', 'NotAllowed', 'ApprovalExpired'] as const),
      ],
      handle: ({ client, params: { run }, body, who, once }) => decide(client, verb, run, { by: who, ...body }, once),
    }),
  ),
];
