/**
 * The contract that GitHub, GitLab and Gitea keep alike, against small servers that answer as their documents say.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createExchange } from '../../src/adapters/http/exchange.js';
import { GuardedAgent } from '../../src/adapters/http/guarded-agent.js';
import type { Forge } from '../../src/adapters/forge/forge.js';
import { forgeOpener } from '../../src/adapters/forge/open-forge.js';
import type { GitOpsError } from '../../src/domain/errors.js';
import { FakeForge, type FakeReply } from '../support/fake-forge.js';

const guard = new GuardedAgent({ allowLinkLocal: false });
const open = forgeOpener(createExchange(guard), { allowHttp: false });
const commit = 'a'.repeat(40);
const context = 'sloth-runner/shop';
const pending = { state: 'pending', description: 'sync-1: the sync is running' } as const;

let fake: FakeForge;
const forge = (repository = 'acme/shop', token = fake.token): Forge =>
  open({ kind: fake.kind, api: fake.api, repository }, token, new AbortController().signal);

afterAll(() => guard.agent.destroy());

describe.each(['github', 'gitlab', 'gitea'] as const)('%s', (kind) => {
  beforeAll(async () => {
    fake = await FakeForge.start(kind);
  });
  afterAll(() => fake.stop());
  beforeEach(() => fake.clear());

  it('knows no status of a commit that has none', async () =>
    expect(await forge().newestStatus(commit, context)).toBeUndefined());

  it.each(['pending', 'success', 'failure'] as const)('posts %s and finds it again', async (state) => {
    const targetUrl = 'https://ops.example/shop';
    await forge().postStatus(commit, context, { ...pending, state, targetUrl });
    expect(fake.posted(commit)).toEqual([{ state, description: pending.description, context, target_url: targetUrl }]);
    const found = await forge().newestStatus(commit, context);
    expect(found).toEqual({
      state: kind === 'gitlab' && state === 'failure' ? 'failed' : state,
      description: pending.description,
      createdAt: expect.stringMatching(/^\d{4}-/),
    });
  });

  it('finds the newest of its own context among many others', async () => {
    await forge().postStatus(commit, context, pending);
    await forge().postStatus(commit, context, { state: 'success', description: 'sync-1: synced' });
    for (let n = 0; n < 120; n++) await forge().postStatus(commit, `other/${n}`, { ...pending, state: 'success' });
    expect(await forge().newestStatus(commit, context)).toMatchObject({ state: 'success' });
  });

  it('is content with a status that another worker posted meanwhile', async () => {
    await forge().postStatus(commit, context, pending);
    await expect(forge().postStatus(commit, context, pending)).resolves.toBeUndefined();
  });

  it('adds a comment, and writes it anew', async () => {
    await forge().addComment(7, 'first');
    const [comment] = await all(forge().comments(7));
    await forge().editComment(7, comment?.id ?? 0, 'second');
    expect(await all(forge().comments(7))).toEqual([{ id: comment?.id, body: 'second' }]);
    expect(await all(forge().comments(8))).toEqual([]);
  });

  it('reads comments over all pages', async () => {
    for (let n = 1; n <= 250; n++) fake.addComment(7, `comment ${n}`);
    const comments = await all(forge().comments(7));
    expect([comments.length, comments.at(-1)?.body]).toEqual([250, 'comment 250']);
  });

  it('goes on with no other server, which would see the token', async () => {
    fake.failures.push({ status: 200, body: [], headers: { link: '<http://localhost:1/evil>; rel="next"' } });
    await expect(all(forge().comments(7))).rejects.toMatchObject({
      code: 'NotAllowed',
      message: expect.stringContaining('another server'),
    });
  });

  interface Refusal {
    readonly reply: FakeReply;
    readonly code?: string;
    readonly retryable: boolean;
    readonly says: RegExp;
    readonly retryAfterMs?: number;
  }

  it.each<[string, Refusal]>([
    [
      'a token that expired',
      {
        reply: { status: 401, body: { message: 'Bad credentials' } },
        code: 'NotAllowed',
        retryable: false,
        says: /answered 401: Bad credentials/,
      },
    ],
    [
      'a token that may not',
      {
        reply: { status: 403, body: { message: 'Resource not accessible by integration' } },
        code: 'NotAllowed',
        retryable: false,
        says: /403: Resource not accessible/,
      },
    ],
    [
      'a repository that is not there',
      { reply: { status: 404, body: { message: 'Not Found' } }, retryable: false, says: /answered 404: Not Found/ },
    ],
    [
      'a repository that moved',
      { reply: { status: 307, headers: { location: '/elsewhere' }, body: {} }, retryable: false, says: /answered 307/ },
    ],
    [
      'a commit that it does not know',
      {
        reply: {
          status: 422,
          body: { message: 'No commit found for SHA: aaa', errors: [{ field: 'sha', code: 'invalid' }] },
        },
        retryable: false,
        says: /422: No commit found.*"field":"sha"/,
      },
    ],
    [
      'a table of messages',
      {
        reply: { status: 400, body: { message: { name: ['is too long'] } } },
        retryable: false,
        says: /400: .*"is too long"/,
      },
    ],
    [
      'an error field',
      { reply: { status: 400, body: { error: 'state is missing' } }, retryable: false, says: /400: state is missing/ },
    ],
    [
      'a limit with its pause',
      {
        reply: { status: 429, headers: { 'retry-after': '7' }, body: { message: 'Retry later' } },
        retryable: true,
        says: /429: Retry later/,
        retryAfterMs: 7000,
      },
    ],
    [
      'a limit that GitHub calls 403',
      {
        reply: {
          status: 403,
          headers: { 'retry-after': '60' },
          body: { message: 'You have exceeded a secondary rate limit.' },
        },
        code: 'NotAllowed',
        retryable: true,
        says: /secondary rate limit/,
        retryAfterMs: 60_000,
      },
    ],
    ['an outage', { reply: { status: 502, body: '<html>Bad Gateway</html>' }, retryable: true, says: /answered 502$/ }],
    [
      'maintenance',
      {
        reply: { status: 503, headers: { 'retry-after': '3' }, body: {} },
        retryable: true,
        says: /answered 503$/,
        retryAfterMs: 3000,
      },
    ],
  ])('says what is wrong: %s', async (_title, { reply, code = 'RequestFailed', retryable, says, retryAfterMs }) => {
    fake.failures.push(reply);
    const error = await failure(forge().postStatus(commit, context, pending));
    expect({ code: error.code, retryable: error.retryable, retryAfterMs: error.retryAfterMs }).toEqual({
      code,
      retryable,
      retryAfterMs,
    });
    expect(error.message).toMatch(says);
  });

  it.each<[string, FakeReply]>([
    ['no JSON', { status: 200, body: '<html>Sign in</html>' }],
    ['a table instead of a list', { status: 200, body: { login: true } }],
    ['null', { status: 200, body: 'null' }],
    ['comments without ids', { status: 200, body: [{ body: 'x' }] }],
    ['a list of something else', { status: 200, body: [1, null] }],
  ])('refuses answers that are not those of a forge: %s', async (_title, reply) => {
    fake.failures.push(reply);
    const error = await failure(all(forge().comments(7)));
    expect([error.code, error.retryable]).toEqual(['RequestFailed', false]);
  });

  it('waits for a limit of requests as long as it is told, in seconds since 1970', async () => {
    const reset = String(Math.ceil(Date.now() / 1000) + 30);
    const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset };
    fake.failures.push({ status: 403, body: { message: 'API rate limit exceeded' }, headers });
    const { retryAfterMs = 0 } = await failure(forge().addComment(1, 'x'));
    expect(retryAfterMs).toBeGreaterThan(25_000);
    expect(retryAfterMs).toBeLessThan(31_001);
  });

  it('is told by its own answer that the token is wrong', async () =>
    expect(await failure(forge('acme/shop', 'wrong').newestStatus(commit, context))).toMatchObject({
      code: 'NotAllowed',
    }));

  it('gives the token to nobody over plain http, but for this machine', () => {
    const place = { kind, api: 'http://git.example.com/api', repository: 'acme/shop' } as const;
    const signal = new AbortController().signal;
    expect(() => open(place, 'token', signal)).toThrow(/plain http/);
    const allowed = forgeOpener(createExchange(guard), { allowHttp: true });
    expect(() => allowed(place, 'token', signal)).not.toThrow();
  });
});

it('a forge that is not there is an outage', async () => {
  fake = await FakeForge.start('gitea');
  const gone = forge();
  fake.stop();
  expect(await failure(gone.addComment(1, 'x'))).toMatchObject({ code: 'RequestFailed', retryable: true });
});

async function all<T>(entries: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const entry of entries) found.push(entry);
  return found;
}

async function failure(promise: Promise<unknown>): Promise<GitOpsError> {
  return promise.then(
    () => Promise.reject(new Error('it did not fail')),
    (error: unknown) => error as GitOpsError,
  );
}
