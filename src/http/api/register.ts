/** `/api/v1`: the routes of the table, the event stream, and the document that describes them. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { GitOpsError } from '../../domain/errors.js';
import { streamQuery } from '../../schema/api-requests.js';
import { openApiDocument } from '../openapi.js';
import { check, type AnyRoute, type RouteCall } from '../route.js';
import type { Parts } from '../server.js';
import { Slots } from '../slots.js';
import { apiRoutes } from './routes.js';

/** Until there are roles, everybody is the holder of the token. */
const who = 'api';
const mostWaiting = 200;
/** How long Temporal may take: for what says or asks something, and for what looks or waits. */
const patienceMs = { brief: 10_000, slow: 330_000 } as const;

export function addApi(server: FastifyInstance, parts: Parts): void {
  const waiting = new Slots('places to wait', mostWaiting);
  for (const route of apiRoutes) addRoute(server, route, parts, waiting);
  const document = openApiDocument(apiRoutes, parts.version);
  server.get('/api/v1/openapi.json', async () => document);
  server.get('/api/v1/stream', async (request, reply) => {
    const followed = check(streamQuery, 'query', request.query);
    if (followed.app !== undefined && followed.run !== undefined)
      throw new GitOpsError('InvalidInput', 'query: app and run cannot go together');
    const serve = await parts.events.admit(followed);
    reply.hijack();
    await serve(request.raw, reply.raw);
  });
}

function addRoute(server: FastifyInstance, route: AnyRoute, { client }: Parts, waiting: Slots): void {
  server.route({
    method: route.method,
    url: `/api/v1${route.path}`,
    handler: async (request, reply) => {
      const call = callOf(route, request, client, waiting);
      const answer = await client.within(route.slow ? patienceMs.slow : patienceMs.brief, () => route.handle(call));
      return reply.code(route.status ?? 200).send(answer);
    },
  });
}

function callOf(
  route: AnyRoute,
  request: FastifyRequest,
  client: Parts['client'],
  waiting: Slots,
): RouteCall<unknown, unknown, unknown> {
  const once = onceOf(route, request);
  return {
    client,
    who,
    params: check(route.params, 'path', request.params),
    query: check(route.query, 'query', request.query),
    body: check(route.body, 'body', request.body ?? {}),
    ...(once === undefined ? {} : { once }),
    waiting: (wait) => waiting.during(wait),
  };
}

/** @throws InvalidInput */
function onceOf({ repeatable }: AnyRoute, { raw }: FastifyRequest): string | undefined {
  const given = raw.headersDistinct['idempotency-key'] ?? [];
  if (given.length === 0 || repeatable !== true) return undefined;
  const [key = ''] = given;
  if (given.length === 1 && /^[\x21-\x7e]{1,128}$/.test(key)) return `api ${key}`;
  throw new GitOpsError('InvalidInput', 'the header Idempotency-Key must be there once, 1 to 128 printable characters');
}
