/** The OpenAPI document of the JSON API, out of the routes and their schemas. `npm run generate` writes docs/openapi.json. */
import { z } from 'zod';
import { failureAnswer } from '../schema/api-answers.js';
import { streamQuery } from '../schema/api-requests.js';
import type { ErrorCode } from '../domain/errors.js';
import type { AnyRoute } from './route.js';
import { statusOf } from './status-code.js';

type Json = Readonly<Record<string, unknown>>;

export function openApiDocument(routes: readonly AnyRoute[], version: string): Json {
  return {
    openapi: '3.1.0',
    info: { title: 'Sloth Runner', version, description: 'GitOps as a durable workflow engine. See docs/api.md.' },
    servers: [{ url: '/api/v1' }],
    security: [{ token: [] }],
    paths: { ...pathsOf(routes), '/stream': { get: streamOperation } },
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      schemas: { Failure: schemaOf(failureAnswer, 'output') },
    },
  };
}

function pathsOf(routes: readonly AnyRoute[]): Json {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route) };
  }
  return paths;
}

function operationOf({
  id,
  summary,
  params,
  query,
  body,
  status = 200,
  answer,
  repeatable,
  fails = [],
}: AnyRoute): Json {
  const parameters = [...parametersOf(params, 'path'), ...parametersOf(query, 'query'), ...(repeatable ? [once] : [])];
  const content = hasFields(body) ? { 'application/json': { schema: schemaOf(body, 'input') } } : undefined;
  return {
    operationId: id,
    summary,
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(content === undefined ? {} : { requestBody: { required: isRequired(body), content } }),
    responses: {
      [status]: { description: summary, content: { 'application/json': { schema: schemaOf(answer, 'output') } } },
      ...failuresOf([...usual, ...fails]),
    },
  };
}

const usual: readonly ErrorCode[] = ['InvalidInput', 'Unauthenticated', 'TemporalUnavailable'];

function failuresOf(codes: readonly ErrorCode[]): Json {
  const byStatus = grouped(codes);
  return Object.fromEntries(
    [...byStatus].map(([status, ofIt]) => [
      String(status),
      {
        description: [...new Set(ofIt)].join(', '),
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Failure' } } },
      },
    ]),
  );
}

function grouped(codes: readonly ErrorCode[]): Map<number, ErrorCode[]> {
  const groups = new Map<number, ErrorCode[]>();
  for (const code of codes) groups.set(statusOf(code), [...(groups.get(statusOf(code)) ?? []), code]);
  return groups;
}

const once = {
  name: 'Idempotency-Key',
  in: 'header',
  schema: { type: 'string', maxLength: 128 },
  description: 'said twice under one key, the request is carried out once',
};

function parametersOf(schema: z.ZodType, place: 'path' | 'query'): Json[] {
  const { properties = {}, required = [] } = schemaOf(schema, 'input') as {
    properties?: Readonly<Record<string, Json>>;
    required?: readonly string[];
  };
  return Object.entries(properties).map(([name, { description, ...rest }]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    ...(description === undefined ? {} : { description }),
    schema: rest,
  }));
}

function hasFields(schema: z.ZodType): boolean {
  return schema instanceof z.ZodObject && Object.keys(schema.shape).length > 0;
}

function isRequired(schema: z.ZodType): boolean {
  return !schema.safeParse({}).success;
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io });
  return rest;
}

const streamOperation = {
  operationId: 'stream',
  summary: 'Server-sent events: app, sync, step, log, deleted, end, stale, resync. Last-Event-ID goes on after a cut',
  parameters: parametersOf(streamQuery, 'query'),
  responses: {
    200: { description: 'events', content: { 'text/event-stream': {} } },
    ...failuresOf(['InvalidInput', 'Unauthenticated', 'UnknownApplication', 'TooBusy']),
  },
};
