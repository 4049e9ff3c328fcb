import { describe, expect, it } from '@jest/globals';
import { checkTemplate, fill, messageFields, triggersOf, type Trigger } from '../../src/domain/announcements.js';
import { postOf } from '../../src/domain/notifications.js';
import type { SyncRecord } from '../../src/domain/sync-record.js';

const app = { id: 'workflow-1', name: 'shop', project: 'default', environment: 'prod', destination: { cluster: 'eu' } };
const event = { sync: 'sync-7', status: 'failed', revision: 'abc', message: 'no such kind' };
const record = (fields: Partial<SyncRecord>): SyncRecord =>
  ({ id: 'sync-7', status: 'succeeded', ...fields }) as SyncRecord;

describe('who hears of a sync that', () => {
  it.each<[string, Partial<SyncRecord>, Trigger[]]>([
    ['went well', { health: 'Healthy' }, ['on-succeeded']],
    ['had no health to check', {}, ['on-succeeded']],
    ['left it degraded, which was put up with', { health: 'Degraded' }, ['on-degraded']],
    ['waits for finalizers', { status: 'prune_waiting' }, ['on-degraded']],
    ['failed', { status: 'failed' }, ['on-failed']],
    ['was terminated', { status: 'interrupted' }, ['on-failed']],
    ['failed and was rolled back', { status: 'rolled_back' }, ['on-failed', 'on-rolled-back']],
    ['could not be rolled back', { status: 'rollback_failed' }, ['on-failed']],
    ['was rolled back by hand', { restored: 'sync-3' }, ['on-succeeded', 'on-rolled-back']],
    ['put drift back', { restored: 'sync-3', trigger: 'drift' }, ['on-succeeded']],
    ['was cancelled', { status: 'cancelled' }, []],
    ['never ran', { status: 'superseded' }, []],
  ])('%s', (_title, fields, expected) => expect(triggersOf(record(fields))).toEqual(expected));
});

describe('a template', () => {
  it('has its placeholders filled, for addresses encoded', () => {
    expect(fill('{app} {sync} {cluster}/{namespace}: {message}', app, event)).toBe('shop sync-7 eu/: no such kind');
    expect(fill('https://x/{message}', app, event, encodeURIComponent)).toBe('https://x/no%20such%20kind');
  });

  it('is not filled twice: a message may hold braces', () =>
    expect(fill('{message}', app, { ...event, message: '{app}' })).toBe('{app}'));

  it.each([
    ['{apps}', /nothing stands for \{apps\}/, /did you mean \{app\}/],
    ['{}', /nothing stands for \{\}/, /known: \{app\}/],
    ['{constructor}', /nothing stands for/, /known/],
  ])('%s is refused where it is declared', (template, message, hint) => {
    const check = (): void => checkTemplate('slack.message', template);
    expect(check).toThrow(
      expect.objectContaining({
        code: 'InvalidConfig',
        message: expect.stringMatching(message),
        hint: expect.stringMatching(hint),
      }),
    );
  });
});

it('a webhook is sent the record as JSON', () => {
  const changes = { created: 1, updated: 0, deleted: 0, unchanged: 0, conflicts: 0 };
  const failed = record({ status: 'failed', errorCode: 'UnknownKind', changes, trigger: 'auto', who: 'sweep' });
  const fields = messageFields({ service: 'webhook', on: [], fields: { url: 'https://x' } }, app, event, failed);
  const post = postOf('webhook', fields);
  expect(JSON.parse(post?.body ?? '')).toEqual({
    app: 'shop',
    id: 'workflow-1',
    project: 'default',
    environment: 'prod',
    cluster: 'eu',
    ...event,
    changes,
    trigger: 'auto',
    who: 'sweep',
    error_code: 'UnknownKind',
  });
});

it.each([
  ['slack', { webhook_url: 'https://x' }, 'shop: sync-7 failed: no such kind'],
  ['teams', { webhook_url: 'https://x' }, 'shop: failed'],
  ['ntfy', { topic: 'deploys' }, 'shop: sync-7 failed: no such kind'],
])('%s is sent the usual message', (service, fields, text) => {
  const post = postOf(service, messageFields({ service, on: [], fields }, app, event));
  expect(post?.body).toContain(text);
});
