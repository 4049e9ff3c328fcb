/** Applications: declare, look, delete, suspend, and what is asked about one. */
import { maskPair } from '../../domain/diff/mask.js';
import { GitOpsError } from '../../domain/errors.js';
import * as answers from '../../schema/api-answers.js';
import * as requests from '../../schema/api-requests.js';
import { route, type AnyRoute } from '../route.js';
import { waitMs } from './timeout.js';

const unknown = ['UnknownApplication'] as const;

export const applicationRoutes: readonly AnyRoute[] = [
  route({
    id: 'listApplications',
    method: 'GET',
    path: '/applications',
    summary: 'Every application, oldest first; the answer may be a second old',
    answer: answers.listOf(answers.summaryAnswer),
    handle: async ({ client }) => ({ items: await client.list() }),
  }),
  route({
    id: 'declareApplication',
    method: 'PUT',
    path: '/applications/:app',
    summary: 'Declare an application, or change its declaration; the same twice changes nothing',
    params: requests.declarePath,
    body: requests.declareBody,
    answer: answers.declaredAnswer,
    fails: ['InvalidConfig', 'LiteralSecret', 'IdentityConflict'],
    handle: ({ client, params: { app }, body }) => client.declareFrom({ ...body, name: app }),
  }),
  route({
    id: 'getApplication',
    method: 'GET',
    path: '/applications/:app',
    summary: 'Status, health and last sync of an application',
    params: requests.appPath,
    answer: answers.statusAnswer,
    fails: unknown,
    handle: ({ client, params: { app } }) => client.status(app),
  }),
  route({
    id: 'deleteApplication',
    method: 'DELETE',
    path: '/applications/:app',
    summary: 'Delete an application; with prune, the default, its objects too, as a last sync',
    params: requests.appPath,
    query: requests.deleteQuery,
    status: 202,
    answer: answers.deletedAnswer,
    repeatable: true,
    slow: true,
    fails: ['UnknownApplication', 'HasDependents', 'SyncFailed'],
    handle: async ({ client, params: { app }, query: { prune = true, cascade = false }, who, once }) => ({
      deleted: app,
      sync: await client.delete(app, { prune, cascade, who }, once),
    }),
  }),
  route({
    id: 'waitForApplication',
    method: 'GET',
    path: '/applications/:app/wait',
    summary: 'Answer when the application has the status and health; by default, when no sync runs',
    params: requests.appPath,
    query: requests.waitQuery,
    answer: answers.statusAnswer,
    fails: ['UnknownApplication', 'Timeout', 'TooBusy'],
    slow: true,
    handle: ({ client, params: { app }, query: { timeout, ...goal }, waiting }) => {
      const timeoutMs = waitMs(timeout);
      return waiting(() => client.waitFor(app, { ...defined(goal), timeoutMs }));
    },
  }),
  route({
    id: 'suspendApplication',
    method: 'POST',
    path: '/applications/:app/suspend',
    summary: 'Refuse syncs of an application until it is resumed',
    params: requests.appPath,
    body: requests.suspendBody,
    answer: answers.doneAnswer,
    fails: unknown,
    handle: async ({ client, params: { app }, body: { reason }, who }) => {
      await client.suspend(app, who, reason);
      return { app };
    },
  }),
  route({
    id: 'resumeApplication',
    method: 'POST',
    path: '/applications/:app/resume',
    summary: 'Allow syncs of an application again',
    params: requests.appPath,
    answer: answers.doneAnswer,
    fails: unknown,
    handle: async ({ client, params: { app }, who }) => {
      await client.resume(app, who);
      return { app };
    },
  }),
  route({
    id: 'setAutoSync',
    method: 'POST',
    path: '/applications/:app/auto-sync',
    summary: 'Turn auto-sync of one application on or off',
    params: requests.appPath,
    body: requests.autoSyncBody,
    answer: answers.doneAnswer,
    fails: unknown,
    handle: async ({ client, params: { app }, body: { enabled } }) => {
      await client.setAutoSync(app, enabled);
      return { app };
    },
  }),
  route({
    id: 'diffApplication',
    method: 'GET',
    path: '/applications/:app/diff',
    summary: 'What a sync would change now, as diffs; values of Secrets are masked',
    params: requests.appPath,
    query: requests.diffQuery,
    answer: answers.diffAnswer,
    fails: ['UnknownApplication', 'RevisionNotFound', 'RepositoryUnreachable', 'RenderFailed', 'ClusterUnreachable'],
    slow: true,
    handle: async ({ client, params: { app }, query }) => {
      const preview = await client.preview(app, defined(query));
      return { app, ...(await client.readReport(preview)) };
    },
  }),
  route({
    id: 'renderApplication',
    method: 'GET',
    path: '/applications/:app/render',
    summary: 'The objects a sync would apply now, in that order; values of Secrets are masked',
    params: requests.appPath,
    query: requests.renderQuery,
    answer: answers.renderAnswer,
    fails: ['UnknownApplication', 'RevisionNotFound', 'RepositoryUnreachable', 'RenderFailed'],
    slow: true,
    handle: async ({ client, params: { app }, query }) => {
      const { set, revision, warnings } = await client.render(app, defined(query));
      return { app, revision, warnings, items: set.map(({ object }) => maskPair(object, undefined)[0]) };
    },
  }),
  route({
    id: 'applicationHistory',
    method: 'GET',
    path: '/applications/:app/history',
    summary: 'Finished syncs, oldest first',
    params: requests.appPath,
    query: requests.historyQuery,
    answer: answers.listOf(answers.recordAnswer),
    fails: unknown,
    handle: async ({ client, params: { app }, query: { limit } }) => ({ items: await client.history(app, limit) }),
  }),
  route({
    id: 'applicationHealth',
    method: 'GET',
    path: '/applications/:app/health',
    summary: 'The health of every object the application owns, as it is now',
    params: requests.appPath,
    answer: answers.healthAnswer,
    fails: ['UnknownApplication', 'ClusterUnreachable'],
    slow: true,
    handle: ({ client, params: { app } }) => client.health(app),
  }),
  route({
    id: 'lookForDrift',
    method: 'POST',
    path: '/applications/:app/drift',
    summary: 'Look now whether live objects differ from what the last sync left',
    params: requests.appPath,
    answer: answers.driftAnswer,
    fails: ['UnknownApplication', 'ClusterUnreachable'],
    slow: true,
    handle: async ({ client, params: { app } }) => {
      const result = await client.lookForDrift(app);
      const [why] = result.unknown;
      if (why !== undefined) throw new GitOpsError('ClusterUnreachable', why);
      return result;
    },
  }),
];

/** Without what is undefined: optional fields of the client are absent, not undefined. */
export function defined<T extends object>(given: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const entries = Object.entries(given).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]: Exclude<T[K], undefined> };
}
