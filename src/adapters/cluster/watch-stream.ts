/**
 * A watch's answer: one JSON event a line, for as long as the connection lasts.
 */
import type { KubernetesObject } from '../../domain/object.js';
import type { WatchEvent } from './cluster.js';
import { noAnswer, toGitOpsError, type Attempt, type Status } from './status-failure.js';

interface RawEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: KubernetesObject | (Status & { readonly code: number });
}

/** @throws GitOpsError for an ERROR event other than 410, ClusterUnreachable when the connection breaks */
export async function* watchEvents(
  stream: AsyncIterable<Uint8Array>,
  attempt: Attempt,
  signal?: AbortSignal,
): AsyncIterable<WatchEvent> {
  try {
    for await (const line of lines(stream)) yield toEvent(JSON.parse(line) as RawEvent, attempt);
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    throw error instanceof Error && 'code' in error && 'retryable' in error ? error : noAnswer(error, attempt);
  }
}

function toEvent({ type, object }: RawEvent, attempt: Attempt): WatchEvent {
  switch (type) {
    case 'ADDED':
    case 'MODIFIED':
      return { type: 'set', object: object as KubernetesObject };
    case 'DELETED':
      return { type: 'gone', object: object as KubernetesObject };
    case 'BOOKMARK':
      return { type: 'bookmark', resourceVersion: (object as KubernetesObject).metadata.resourceVersion ?? '' };
    case 'ERROR':
      return toFailure(object as Status & { code: number }, attempt);
  }
}

/** 410: the server no longer knows the version we wanted to go on from; list again. */
function toFailure(status: Status & { readonly code: number }, attempt: Attempt): WatchEvent {
  if (status.code === 410) return { type: 'expired' };
  throw toGitOpsError({ code: status.code, status }, attempt);
}

async function* lines(stream: AsyncIterable<Uint8Array>): AsyncIterable<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of stream) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = parts.pop() ?? '';
    yield* parts;
  }
}
