/**
 * A route is one object: method, path, what it takes, what it answers, and the call of the client it stands for. The
 * server and the OpenAPI document are both made from it.
 */
import { z } from 'zod';
import type { GitOpsClient } from '../client/index.js';
import { GitOpsError, type ErrorCode } from '../domain/errors.js';
import { nearest } from '../domain/nearest.js';
import { describeIssue } from './issue.js';

export interface RouteCall<P, Q, B> {
  readonly client: GitOpsClient;
  /** Who asks, for the record. */
  readonly who: string;
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  /** Idempotency-Key: said twice under one name, a request is carried out once. */
  readonly once?: string;
  /** Takes a place among those that wait; give it back at the end. */
  readonly waiting: <T>(wait: () => Promise<T>) => Promise<T>;
}

export interface Route<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> {
  readonly id: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below /api/v1, parameters as `:name`. */
  readonly path: string;
  readonly summary: string;
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  /** Status of a success, 200 unless said otherwise. */
  readonly status?: number;
  readonly answer: z.ZodType;
  /** It looks at a repository or a cluster, or waits: more than the seconds a question takes. */
  readonly slow?: boolean;
  /** It may be asked again under an Idempotency-Key. */
  readonly repeatable?: boolean;
  /** What stands in its way besides bad input, a missing token and Temporal that does not answer. */
  readonly fails?: readonly ErrorCode[];
  handle(call: RouteCall<z.output<P>, z.output<Q>, z.output<B>>): Promise<unknown>;
}

export type AnyRoute = Route<z.ZodType, z.ZodType, z.ZodType>;

const nothing = z.strictObject({});
type Nothing = typeof nothing;

/** A route with what it leaves out filled in: no parameters, no query, no body. */
export function route<P extends z.ZodType = Nothing, Q extends z.ZodType = Nothing, B extends z.ZodType = Nothing>(
  given: Omit<Route<P, Q, B>, 'params' | 'query' | 'body'> & { params?: P; query?: Q; body?: B },
): AnyRoute {
  return { params: nothing, query: nothing, body: nothing, ...given } as unknown as AnyRoute;
}

/**
 * Checks a part of a request.
 * @param part what the message calls it: `body`, `query`, `path`
 * @throws GitOpsError InvalidInput, naming the field and, for an unknown one, the nearest that there is
 */
export function check<S extends z.ZodType>(schema: S, part: string, value: unknown): z.output<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = [part, ...(issue?.path ?? [])].join('.');
  if (issue?.code === 'unrecognized_keys') throw unknownField(schema, where, issue.keys[0] ?? '');
  throw new GitOpsError('InvalidInput', `${where}: ${describeIssue(issue)}`);
}

function unknownField(schema: z.ZodType, where: string, key: string): GitOpsError {
  const known = schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
  const near = nearest(key, known);
  const fields = known.length === 0 ? 'it takes none' : `it takes ${known.join(', ')}`;
  return new GitOpsError('InvalidInput', `${where}: '${key.slice(0, 100)}' is unknown`, {
    hint: near === undefined ? fields : `did you mean '${near}'?`,
  });
}
