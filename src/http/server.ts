/**
 * The HTTP server: every route wants the token but three, every body is read under limits, every failure is a typed
 * answer. It speaks to the engine through the client alone.
 */
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { GitOpsClient } from '../client/index.js';
import { GitOpsError } from '../domain/errors.js';
import { bearerCheck } from './access.js';
import { addApi } from './api/register.js';
import { BodyBudget, parseJson, readJsonBody } from './body.js';
import { onClientError } from './client-error.js';
import { asGitOpsError, sendFailure } from './failure.js';
import { Metrics } from './metrics.js';
import { readiness } from './readiness.js';
import { Streams, usualStreams, type StreamLimits } from './stream/streams.js';
import type { WebhookSettings } from './webhooks/receive.js';
import { addWebhooks } from './webhooks/register.js';

export interface ServerSettings {
  readonly client: GitOpsClient;
  readonly token: string;
  readonly version: string;
  readonly webhooks: WebhookSettings;
  /** Where the workers of this process show their metrics. */
  readonly workerMetrics?: string | undefined;
  /** One line for each failure that is ours. */
  readonly log: (line: string) => void;
  readonly streams?: StreamLimits;
}

/** What every part of the server is given. */
export interface Parts extends ServerSettings {
  readonly metrics: Metrics;
  readonly events: Streams;
  /** Of all bodies under way. */
  readonly budget: BodyBudget;
}

const mebibyte = 1024 * 1024;
const apiBodies = { maximumBytes: mebibyte, withinMs: 10_000 };

/** Reachable without a token; webhooks carry a signature instead. */
const open: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/webhooks/:sender']);

export function buildServer(settings: ServerSettings): FastifyInstance {
  const metrics = new Metrics(settings.client, settings.workerMetrics);
  const events = new Streams(settings.client, (n) => metrics.streams.set(n), settings.streams ?? usualStreams);
  const parts: Parts = { ...settings, metrics, events, budget: new BodyBudget(64 * mebibyte) };
  const server = createServer();
  answerFailures(server, parts);
  demandToken(server, parts);
  readBodies(server, parts);
  measure(server, parts);
  addOperations(server, parts);
  addWebhooks(server, parts);
  addApi(server, parts);
  server.addHook('preClose', async () => events.close());
  return server;
}

function createServer(): FastifyInstance {
  return Fastify({
    trustProxy: false, // X-Forwarded-* says nothing here
    bodyLimit: mebibyte,
    requestTimeout: 15_000,
    connectionTimeout: 60_000,
    keepAliveTimeout: 30_000,
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: 1024 },
    http: { connectionsCheckingInterval: 2000, maxHeaderSize: 16 * 1024 },
    clientErrorHandler: onClientError,
    frameworkErrors: (error, request, reply) => void sendFailure(asGitOpsError(error), request, reply),
  });
}

function answerFailures(server: FastifyInstance, { log }: Parts): void {
  server.setErrorHandler((error, request, reply) => {
    const known = asGitOpsError(error);
    if (known.code === 'Internal') log(`${request.method} ${request.routeOptions.url}: ${stackOf(error)}`);
    return sendFailure(known, request, reply);
  });
  server.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0]?.slice(0, 200);
    const error = new GitOpsError('UnknownPath', `there is no ${request.method} ${path}`, {
      hint: 'GET /api/v1/openapi.json lists what there is',
    });
    return sendFailure(error, request, reply);
  });
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function demandToken(server: FastifyInstance, { token }: Parts): void {
  const check = bearerCheck(token);
  server.addHook('onRequest', async (request: FastifyRequest, reply: FastifyReply) => {
    void reply.headers({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' });
    if (!open.has(request.routeOptions.url ?? '')) check(request.raw);
  });
}

/** One reader for whatever is sent, so that no content type finds a way around it. */
function readBodies(server: FastifyInstance, { budget }: Parts): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', async (request: FastifyRequest) => {
    const bytes = await readJsonBody(request.raw, apiBodies, budget);
    return bytes.length === 0 ? undefined : parseJson(bytes);
  });
}

function measure(server: FastifyInstance, { metrics }: Parts): void {
  server.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'unknown';
    metrics.requests.inc({ method: request.method, route, status: String(reply.statusCode) });
    metrics.durations.observe({ method: request.method, route }, reply.elapsedTime / 1000);
  });
}

function addOperations(server: FastifyInstance, { client, metrics, version }: Parts): void {
  server.get('/healthz', async () => ({ status: 'ok', version }));
  server.get('/readyz', async (_request, reply) => {
    const checks = await readiness(client);
    const ready = checks.every(({ ok }) => ok);
    return reply.code(ready ? 200 : 503).send({ ready, checks });
  });
  server.get('/metrics', async (_request, reply) =>
    reply.type('text/plain; version=0.0.4; charset=utf-8').send(await metrics.page()),
  );
}
