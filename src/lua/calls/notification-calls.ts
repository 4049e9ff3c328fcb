/**
 * Messages to people: one row a service. Each is sent once.
 */
import { shown, type MaybeSecret } from '../../domain/secret-text.js';
import type { SchemaName } from '../generated/call-schemas.js';
import type { Data } from '../host.js';
import { table, type CallRow } from './call-row.js';

const row = (service: SchemaName, describe: string, whom: (fields: Record<string, Data>) => string): CallRow => ({
  parameters: [table('message', service)],
  failure: 'false',
  summary: ([fields]) => `notify ${whom((fields ?? {}) as Record<string, Data>)}`,
  describe,
  returns: ['boolean sent', 'string? err'],
});

const text = (value: Data | undefined): string => shown((value ?? '') as MaybeSecret);

/** By the name within the module. */
export const notificationCalls: Readonly<Record<string, CallRow>> = {
  slack: row('slack', 'Posts to a Slack channel by its incoming webhook.', ({ channel }) =>
    channel === undefined ? 'Slack' : `Slack ${text(channel)}`,
  ),
  teams: row('teams', 'Posts a card to a Microsoft Teams channel by its workflow webhook.', () => 'Teams'),
  ntfy: row('ntfy', 'Publishes to an ntfy topic.', ({ topic }) => `ntfy ${text(topic)}`),
  webhook: row('webhook', 'Sends JSON to any address.', () => 'a webhook'),
  email: row('email', 'Sends an email through an SMTP server.', ({ to }) => `${[to].flat().map(String).join(', ')}`),
};
