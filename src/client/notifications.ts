/**
 * `notifications` as it is written, to the form that lives in the specification: forges told by the repository's address,
 * texts with references where secrets belong.
 */
import { checkTemplate, usualTriggers, type MessageTarget, type Notifications } from '../domain/announcements.js';
import { parseDuration } from '../domain/duration.js';
import { GitOpsError } from '../domain/errors.js';
import { forgePlace, type ForgeAccess } from '../domain/forge/forge.js';
import { withReferences } from '../domain/secret-text.js';
import type { NotificationTargets } from '../schema/notification-targets.js';
import { refuseLiteralHeaders } from './secret-headers.js';

type ForgeConfig = NonNullable<NotificationTargets['pull_request']>;

const services = ['slack', 'teams', 'ntfy', 'webhook', 'email'] as const;
type Service = (typeof services)[number];

/** @throws GitOpsError InvalidConfig, LiteralSecret, InvalidInput (durations) */
export function notificationsOf(
  config: NotificationTargets | undefined,
  name: string,
  repositoryUrl: string,
): { notifications?: Notifications } {
  if (config === undefined) return {};
  const { commit_status: status, pull_request: pull } = config;
  const messages = services.flatMap((service) => messagesOf(service, config));
  const comments = pull ?? status;
  const notifications = {
    ...(status === undefined ? {} : { commitStatus: commitStatusOf(status, name, repositoryUrl) }),
    ...(comments === undefined
      ? {}
      : { pullRequest: access(pull === undefined ? 'commit_status' : 'pull_request', comments, repositoryUrl) }),
    ...(messages.length === 0 ? {} : { messages }),
  };
  return Object.keys(notifications).length === 0 ? {} : { notifications };
}

function access(field: string, config: ForgeConfig, repositoryUrl: string): ForgeAccess {
  return { ...forgePlace(field, config, repositoryUrl), token: config.token };
}

/** Forges cut or refuse longer ones. */
const contextLimit = 100;

function commitStatusOf(
  config: NonNullable<NotificationTargets['commit_status']>,
  name: string,
  repositoryUrl: string,
) {
  const { context = `sloth-runner/${name}`, target_url: targetUrl } = config;
  if (context.trim() === '' || context.length > contextLimit)
    throw invalid('commit_status.context', `has 1 to ${contextLimit} characters`);
  if (targetUrl !== undefined) checkTargetUrl(targetUrl);
  const link = targetUrl === undefined ? {} : { targetUrl };
  return { ...access('commit_status', config, repositoryUrl), context, ...link };
}

function checkTargetUrl(url: string): void {
  checkTemplate('commit_status.target_url', url);
  if (!/^https?:\/\/[^\s/@{}]+(\/\S*)?$/.test(url))
    throw invalid(
      'commit_status.target_url',
      'is an http or https address without a user; fields such as {app} stand in its path',
    );
}

function messagesOf(service: Service, config: NotificationTargets): MessageTarget[] {
  const written = config[service];
  const all: readonly object[] = Array.isArray(written) ? written : written === undefined ? [] : [written];
  return all.map((one, i) => messageOf(service, all.length > 1 ? `${service}[${i + 1}]` : service, one));
}

/** Fields whose text may be a reference; in the others that is a text like any other. */
const maySecret = new Set(['webhook_url', 'url', 'server', 'topic', 'token', 'username', 'password', 'headers']);

function messageOf(service: Service, field: string, written: object): MessageTarget {
  const {
    on = usualTriggers,
    message,
    ...given
  } = written as Partial<MessageTarget> & Readonly<Record<string, unknown>>;
  const fields: Readonly<Record<string, unknown>> = Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name, maySecret.has(name) ? withReferences(value) : value]),
  );
  if (on.length === 0) throw invalid(`${field}.on`, 'is empty: nobody would ever be told');
  if (message !== undefined) checkTemplate(`${field}.message`, message);
  if (fields['timeout'] !== undefined) parseDuration(fields['timeout'] as string | number);
  refuseLiteralWebhook(field, fields['webhook_url']);
  refuseLiteralHeaders(`notifications.${field}`, fields['headers']);
  return { service, on, fields, ...(message === undefined ? {} : { message }) };
}

/** Whoever knows the address of such a webhook can post to it; and a specification is shown to many. */
function refuseLiteralWebhook(field: string, address: unknown): void {
  if (typeof address !== 'string') return;
  throw new GitOpsError('LiteralSecret', `notifications.${field}.webhook_url is written out`, {
    hint: 'write webhook_url = secret("name"): the worker looks it up',
  });
}

function invalid(field: string, what: string): GitOpsError {
  return new GitOpsError('InvalidConfig', `notifications.${field} ${what}`);
}
