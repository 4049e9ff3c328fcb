/**
 * Who hears how a sync went, and in what words. Built from the record alone, whose texts were masked when they came about.
 */
import type { ApplicationSpec } from './application.js';
import { GitOpsError } from './errors.js';
import type { ForgeAccess } from './forge/forge.js';
import { nearest } from './nearest.js';
import type { SyncRecord, SyncStatus } from './sync-record.js';

export const triggers = ['on-succeeded', 'on-failed', 'on-degraded', 'on-rolled-back', 'on-approval-needed'] as const;

export type Trigger = (typeof triggers)[number];

/** What somebody has to look at. */
export const usualTriggers: readonly Trigger[] = triggers.filter((trigger) => trigger !== 'on-succeeded');

export interface CommitStatusTarget extends ForgeAccess {
  /** Under which the status stands. */
  readonly context: string;
  /** A template: where its link leads. */
  readonly targetUrl?: string;
}

export interface MessageTarget {
  /** slack, teams, ntfy, webhook, email */
  readonly service: string;
  readonly on: readonly Trigger[];
  /** As the service's schema has them, without the message; references where secrets belong. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** A template; absent for the usual one. */
  readonly message?: string;
}

export interface Notifications {
  readonly commitStatus?: CommitStatusTarget;
  /** Where diffs become comments. */
  readonly pullRequest?: ForgeAccess;
  readonly messages?: readonly MessageTarget[];
}

const triggersByStatus: Readonly<Partial<Record<SyncStatus, readonly Trigger[]>>> = {
  failed: ['on-failed'],
  interrupted: ['on-failed'],
  rollback_failed: ['on-failed'],
  rolled_back: ['on-failed', 'on-rolled-back'],
  prune_waiting: ['on-degraded'],
};

/** Empty for what nobody needs to hear of: a person cancelled it, or it never ran. */
export function triggersOf(record: SyncRecord): readonly Trigger[] {
  const { status, health = 'Healthy', restored, trigger } = record;
  if (status !== 'succeeded') return triggersByStatus[status] ?? [];
  const well = health === 'Healthy' || health === 'Suspended' ? 'on-succeeded' : 'on-degraded';
  const byHand = restored !== undefined && trigger !== 'drift';
  return byHand ? [well, 'on-rolled-back'] : [well];
}

type Announced = Pick<ApplicationSpec, 'id' | 'name' | 'project' | 'environment' | 'destination'>;

export interface Event {
  readonly sync: string;
  readonly status: string;
  readonly revision?: string | undefined;
  readonly message: string;
}

/** What stands for `{name}` in a template. */
const templateFields: Readonly<Record<string, (app: Announced, event: Event) => string>> = {
  app: ({ name }) => name,
  id: ({ id }) => id,
  project: ({ project }) => project,
  environment: ({ environment = '' }) => environment,
  cluster: ({ destination }) => destination.cluster,
  namespace: ({ destination }) => destination.namespace ?? '',
  sync: (_app, { sync }) => sync,
  status: (_app, { status }) => status,
  revision: (_app, { revision = '' }) => revision,
  message: (_app, { message }) => message,
};

const fieldInBraces = /\{(\w*)\}/g;

/** @throws GitOpsError InvalidConfig for a field in braces that nothing stands for */
export function checkTemplate(field: string, template: string): void {
  const known = Object.keys(templateFields);
  const unknown = [...template.matchAll(fieldInBraces)].find(([, name = '']) => !Object.hasOwn(templateFields, name));
  if (unknown === undefined) return;
  const near = nearest(unknown[1] ?? '', known);
  throw new GitOpsError('InvalidConfig', `notifications.${field}: nothing stands for ${unknown[0]}`, {
    hint: near === undefined ? `known: ${known.map((name) => `{${name}}`).join(', ')}` : `did you mean {${near}}?`,
  });
}

/** @param encode for a template that is an address */
export function fill(
  template: string,
  app: Announced,
  event: Event,
  encode: (text: string) => string = (text) => text,
): string {
  return template.replace(fieldInBraces, (_whole, name: string) => encode(templateFields[name]?.(app, event) ?? ''));
}

const usualMessage = '{app}: {sync} {status}: {message}';

export function recordEvent({ id, status, revision, message }: SyncRecord): Event {
  return { sync: id, status, revision, message };
}

/** What the service is to send, ready but for its secrets. */
export function messageFields(
  { service, fields, message = usualMessage }: MessageTarget,
  app: Announced,
  event: Event,
  record?: SyncRecord,
): Record<string, unknown> {
  const text = fill(message, app, event);
  return { ...fields, message: text, ...extras[service]?.(app, event, record, fields) };
}

type Extras = (
  app: Announced,
  event: Event,
  record: SyncRecord | undefined,
  fields: MessageTarget['fields'],
) => Record<string, unknown>;

const failing = (record: SyncRecord | undefined): boolean => record?.errorCode !== undefined;

const extras: Readonly<Record<string, Extras>> = {
  slack: ({ name }, { message }, record) => ({
    pipeline: name,
    ...(failing(record) ? { error_details: message } : {}),
  }),
  teams: ({ name }, { status, message }, record, { title = `${name}: ${status}` }) => ({
    title,
    pipeline: name,
    ...(failing(record) ? { error_details: message } : {}),
  }),
  email: ({ name }, { sync, status }, _record, { subject = `${name}: ${sync} ${status}` }) => ({ subject }),
  webhook: (app, event, record) => ({ payload: payload(app, event, record) }),
};

/** Names of scripts and JSON output, hence the underscores. */
function payload({ id, name, project, environment, destination }: Announced, event: Event, record?: SyncRecord) {
  return {
    app: name,
    id,
    project,
    ...(environment === undefined ? {} : { environment }),
    ...destination,
    ...event,
    ...(record === undefined ? {} : facts(record)),
  };
}

function facts({ trigger, who, health, changes, planDigest, errorCode, startedAt, finishedAt }: SyncRecord) {
  return {
    trigger,
    who,
    changes,
    started_at: startedAt,
    finished_at: finishedAt,
    ...(health === undefined ? {} : { health }),
    ...(planDigest === undefined ? {} : { plan_digest: planDigest }),
    ...(errorCode === undefined ? {} : { error_code: errorCode }),
  };
}
