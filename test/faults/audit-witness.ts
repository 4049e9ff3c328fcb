/**
 * What the API server's audit log says about who wrote what, when, and as which attempt of which step: each worker of
 * the rig puts that into its User-Agent (worker.mjs).
 */
import type { AuditEvent } from '../support/cluster.js';
import type { ApplicationUnderTest } from './application-under-test.js';

export interface AuditedWrite {
  /** `configmaps/web` */
  readonly object: string;
  readonly verb: string;
  /** The API server's answer was a success. */
  readonly done: boolean;
  /** When the request arrived at the API server, ISO with microseconds. */
  readonly at: string;
  readonly sync: number;
  /** Temporal's id of the run: a sync that was reset has several. */
  readonly run: string;
  readonly activity: string;
  readonly attempt: number;
  /** When Temporal scheduled the attempt, ms since 1970. */
  readonly scheduledAt: number;
  readonly worker: string;
}

const writing = new Set(['create', 'update', 'patch', 'delete', 'deletecollection']);

/** Every real write of the engine's user to the application's namespaces, in order of arrival. */
export function engineWritesOf(app: ApplicationUnderTest): AuditedWrite[] {
  const events = app.audit().filter((event) => isWriteTo(app, event));
  return events.map(writeOf).sort((a, b) => (a.at < b.at ? -1 : 1));
}

/** The inventory is the engine's own book, not an object of the application. */
export function isInventory({ object }: AuditedWrite): boolean {
  return object.startsWith('configmaps/sloth-runner.');
}

function isWriteTo(app: ApplicationUnderTest, event: AuditEvent): boolean {
  const { namespace, name } = event.objectRef ?? {};
  const ours = namespace === app.namespace || (namespace ?? name) === app.sideNamespace;
  return ours && event.user.username === 'sloth-runner' && writing.has(event.verb) && !isDryRun(event);
}

function isDryRun({ requestURI }: AuditEvent): boolean {
  return requestURI.includes('dryRun=All');
}

function writeOf(event: AuditEvent): AuditedWrite {
  const [, workflow = '', run = '', activity = '', attempt, scheduledAt, worker = ''] = (event.userAgent ?? '').split(
    ' ',
  );
  return {
    object: `${event.objectRef?.resource}/${event.objectRef?.name ?? '?'}`,
    verb: event.verb,
    done: (event.responseStatus?.code ?? 0) < 300,
    at: event.requestReceivedTimestamp,
    sync: Number(/sync-(\d+)$/.exec(workflow)?.[1]),
    run,
    activity,
    attempt: Number(attempt),
    scheduledAt: Number(scheduledAt),
    worker,
  };
}
