/** Promotions: started, looked at, waited for. What waits in one is approved as everything is: see approvals.ts. */
import { promotionId } from '../../client/promotions.js';
import * as answers from '../../schema/api-answers.js';
import * as requests from '../../schema/api-requests.js';
import { route, type AnyRoute } from '../route.js';
import { defined } from './applications.js';
import { waitMs } from './timeout.js';

const unknown = ['UnknownWorkflow'] as const;

export const promotionRoutes: readonly AnyRoute[] = [
  route({
    id: 'listPromotions',
    method: 'GET',
    path: '/promotions',
    summary: 'How promotions stand or ended, newest first',
    query: requests.promotionsQuery,
    answer: answers.listOf(answers.promotionAnswer),
    handle: async ({ client, query }) => ({ items: await client.promotions.list(defined(query)) }),
  }),
  route({
    id: 'startPromotion',
    method: 'POST',
    path: '/promotions',
    summary: 'Take the commit one application runs to the next ones; answered at once with its number',
    body: requests.promotionBody,
    status: 202,
    answer: answers.promotionAnswer,
    repeatable: true,
    fails: ['InvalidConfig', 'LiteralSecret'],
    handle: ({ client, body: { reason: why, ...config }, who, once }) =>
      client.promotions.start({ config, who, ...defined({ why, once }) }),
  }),
  route({
    id: 'getPromotion',
    method: 'GET',
    path: '/promotions/:name/:number',
    summary: 'How a promotion stands, environment by environment, or how it ended',
    params: requests.promotionPath,
    answer: answers.promotionAnswer,
    fails: unknown,
    handle: ({ client, params: { name, number } }) => client.promotions.get(promotionId(name, number)),
  }),
  route({
    id: 'waitForPromotion',
    method: 'GET',
    path: '/promotions/:name/:number/wait',
    summary: 'Answer with the record when the promotion has ended',
    params: requests.promotionPath,
    query: requests.timeoutQuery,
    answer: answers.promotionAnswer,
    fails: [...unknown, 'Timeout', 'TooBusy'],
    slow: true,
    handle: async ({ client, params: { name, number }, query: { timeout }, waiting }) => {
      const timeoutMs = waitMs(timeout);
      return waiting(() => client.promotions.wait(promotionId(name, number), timeoutMs));
    },
  }),
];
