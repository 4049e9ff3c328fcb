/**
 * What can be followed, as events: all applications, one application with its sync, one run. Each looks at Temporal a
 * few times a second at most; while Temporal does not answer, it says `stale` once and goes on looking.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { ApplicationStatus, ApplicationSummary, GitOpsClient } from '../../client/index.js';
import { hasCode } from '../../domain/errors.js';
import { asGitOpsError, failureBody } from '../failure.js';
import type { Source, StreamEvent } from './topic.js';

const pollMs = { applications: 2000, application: 500 } as const;
const patienceMs = 10_000;

/** Events `app` and `deleted`. */
export function allApplications(client: GitOpsClient): Source {
  const known = new Map<string, string>();
  return polled(pollMs.applications, async () => {
    const summaries = await client.within(patienceMs, () => client.list());
    return [...changed(known, summaries), ...vanished(known, summaries)];
  });
}

function changed(known: Map<string, string>, summaries: readonly ApplicationSummary[]): StreamEvent[] {
  return summaries.flatMap((data) => (isNews(known, data.id, data) ? [{ event: 'app', key: data.id, data }] : []));
}

function vanished(known: Map<string, string>, summaries: readonly ApplicationSummary[]): StreamEvent[] {
  const there = new Set(summaries.map(({ id }) => id));
  const gone = [...known.keys()].filter((id) => !there.has(id));
  gone.forEach((id) => known.delete(id));
  return gone.map((id) => ({ event: 'deleted', key: id, data: { id } }));
}

/** Events `app` and `sync`; `deleted` is the last one. */
export function oneApplication(client: GitOpsClient, app: string): Source {
  const known = new Map<string, string>();
  return polled(pollMs.application, () =>
    client.within(patienceMs, async () => {
      const status = await client.status(app);
      const states = [{ event: 'app', key: 'app', data: status }, ...(await currentSync(client, status))];
      return states.filter(({ key, data }) => isNews(known, key, data));
    }),
  );
}

/** The sync that runs, as far as it has come; it may have ended since the status was asked for. */
async function currentSync(client: GitOpsClient, { spec, lastSync }: ApplicationStatus) {
  if (lastSync === undefined) return [];
  const running = lastSync.status === 'running';
  const record = running ? await client.showSync(spec.id, lastSync.id).catch(() => lastSync) : lastSync;
  return [{ event: 'sync', key: record.id, data: record }];
}

/** Events `step` or, of a script, `log`; `end` is the last one and carries the run. */
export function oneRun(client: GitOpsClient, id: string, type: string): Source {
  return async function* (signal) {
    try {
      if (type === 'script')
        for await (const data of client.scripts.follow({ workflowId: id }, signal)) yield { event: 'log', data };
      else for await (const data of client.workflows.follow(id, signal)) yield { event: 'step', data };
      if (!signal.aborted) yield { event: 'end', data: await client.workflows.describe(id) };
    } catch (error) {
      yield { event: 'stale', data: failureBody(asGitOpsError(error)) };
    }
  };
}

function isNews(known: Map<string, string>, key: string, data: unknown): boolean {
  const text = JSON.stringify(data);
  if (known.get(key) === text) return false;
  known.set(key, text);
  return true;
}

function polled(everyMs: number, look: () => Promise<readonly StreamEvent[]>): Source {
  return async function* (signal) {
    for (let stale = false; !signal.aborted; await pause(everyMs, undefined, { signal }).catch(() => undefined)) {
      try {
        yield* await look();
        stale = false;
      } catch (error) {
        if (hasCode(error, 'UnknownApplication')) return yield { event: 'deleted', key: 'deleted', data: {} };
        if (!stale) yield { event: 'stale', key: 'stale', data: failureBody(asGitOpsError(error)) };
        stale = true;
      }
    }
  };
}
