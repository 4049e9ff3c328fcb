/** Syncs, rollbacks and actions: asked for, looked at, waited for. */
import { choiceFrom } from '../../domain/rollback-choice.js';
import { resourceFilter } from '../../domain/resource-selection.js';
import * as answers from '../../schema/api-answers.js';
import * as requests from '../../schema/api-requests.js';
import { route, type AnyRoute } from '../route.js';
import { defined } from './applications.js';
import { waitMs } from './timeout.js';

export const syncRoutes: readonly AnyRoute[] = [
  route({
    id: 'syncApplication',
    method: 'POST',
    path: '/applications/:app/sync',
    summary: 'Ask for a sync; answered at once with its number',
    params: requests.appPath,
    body: requests.syncBody,
    status: 202,
    answer: answers.ticketAnswer,
    repeatable: true,
    fails: ['UnknownApplication', 'ApplicationSuspended'],
    handle: ({ client, params: { app }, body, who, once }) => {
      const { revision, dry_run: dryRun, prune, allow_shrink: allowShrink, resources, alone, reason: why } = body;
      resourceFilter(resources);
      const request = defined({ revision, dryRun, prune, allowShrink, resources, alone, why });
      return client.sync(app, { ...request, trigger: 'manual', who }, once);
    },
  }),
  route({
    id: 'rollbackApplication',
    method: 'POST',
    path: '/applications/:app/rollback',
    summary: 'Ask for a return to an earlier healthy set, by default the last one of another revision',
    params: requests.appPath,
    body: requests.rollbackBody,
    status: 202,
    answer: answers.ticketAnswer,
    repeatable: true,
    fails: ['UnknownApplication', 'NothingToRollBackTo', 'ApplicationSuspended'],
    handle: ({ client, params: { app }, body: { reason = 'rollback by the API', ...target }, who, once }) =>
      client.rollback(app, reason, choiceFrom(defined(target)), { trigger: 'manual', who }, once),
  }),
  route({
    id: 'getSync',
    method: 'GET',
    path: '/applications/:app/syncs/:sync',
    summary: 'The record of one sync, or how far it has come',
    params: requests.syncPath,
    answer: answers.recordAnswer,
    fails: ['UnknownApplication', 'UnknownSync'],
    handle: ({ client, params: { app, sync } }) => client.showSync(app, sync),
  }),
  route({
    id: 'waitForSync',
    method: 'GET',
    path: '/applications/:app/syncs/:sync/wait',
    summary: 'Answer with the record when the sync has ended',
    params: requests.syncPath,
    query: requests.timeoutQuery,
    answer: answers.recordAnswer,
    fails: ['UnknownApplication', 'UnknownSync', 'Timeout', 'TooBusy'],
    slow: true,
    handle: async ({ client, params: { app, sync }, query: { timeout }, waiting }) => {
      const timeoutMs = waitMs(timeout);
      const ticket = await client.ticketOf(app, sync);
      return waiting(() => client.wait(ticket, timeoutMs));
    },
  }),
  route({
    id: 'listActions',
    method: 'GET',
    path: '/applications/:app/actions',
    summary: 'What may be done to the objects of an application',
    params: requests.appPath,
    query: requests.actionsQuery,
    answer: answers.listOf(answers.actionAnswer),
    fails: ['UnknownApplication', 'UnknownObject', 'ClusterUnreachable'],
    slow: true,
    handle: async ({ client, params: { app }, query: { resource } }) => ({
      items: await client.actions.list(app, resource),
    }),
  }),
  route({
    id: 'startAction',
    method: 'POST',
    path: '/applications/:app/actions',
    summary: 'Do something to one object: restart, scale, ...; answered at once with its run',
    params: requests.appPath,
    body: requests.actionBody,
    status: 202,
    answer: answers.actionTicketAnswer,
    fails: ['UnknownApplication', 'LiteralSecret'],
    handle: ({ client, params: { app }, body: { action, resource, params = {} }, who }) =>
      client.actions.start(app, { action, resource, params, who }),
  }),
];
