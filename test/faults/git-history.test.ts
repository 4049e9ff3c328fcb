/**
 * Branches and tags that move or go between the plan of a sync and its writes (F33): what was planned is what is
 * applied, and a rollback needs neither branch nor commit. Each row ends with the oracle.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { ApplicationUnderTest } from './application-under-test.js';
import { expectReplays, expectSound } from './oracle.js';
import { Rig } from './rig.js';

const branch = 'refs/heads/main';
const tag = 'refs/tags/v1';

let rig: Rig;
let app: ApplicationUnderTest;
/** The commit of the first sync, and what it wants. */
let first: string;
let original: ApplicationUnderTest['wanted'];

beforeAll(async () => {
  rig = await Rig.open();
  app = await ApplicationUnderTest.create(rig);
  first = git('rev-parse', branch);
  original = app.wanted;
});

afterAll(() => app.close());

interface Row {
  readonly title: string;
  /** What is asked for, by default the branch. */
  readonly revision?: 'v1';
  readonly meanwhile: () => unknown;
}

const rows: readonly Row[] = [
  { title: 'the branch is forced back to an older commit', meanwhile: () => move(branch, first) },
  { title: 'history is rewritten, and the planned commit is thrown away', meanwhile: rewrite },
  { title: 'the branch is deleted', meanwhile: () => remove(branch) },
  { title: 'the tag is moved', revision: 'v1', meanwhile: () => move(tag, first) },
  { title: 'the tag is deleted', revision: 'v1', meanwhile: () => remove(tag) },
];

describe('between plan and apply', () => {
  it.each(rows)('$title: the planned commit is applied', async ({ title, revision, meanwhile }) => {
    app.commit({ greeting: title });
    const planned = git('rev-parse', branch);
    move(tag, planned);
    rig.arm({ activity: 'apply', when: 'before', nth: 2, action: 'hold' });
    const ticket = await app.askForSync(revision === undefined ? {} : { revision });
    await rig.fired();
    meanwhile();
    rig.release();
    const record = await app.finish(ticket);
    expect(record).toMatchObject({ status: 'succeeded', revision: planned });
    await expectSound(app, record.number);
  });
});

describe('a branch that does not go on from what is live', () => {
  it.each([
    ['forced back to an older commit', () => move(branch, first)],
    ['of a history of its own', rewrite],
  ])('%s is synced, and the record says so', async (title, meanwhile) => {
    app.commit({ greeting: title });
    const live = await app.finish(await app.askForSync());
    expect(live).not.toHaveProperty('warnings');
    meanwhile();
    const record = await app.finish(await app.askForSync());
    const [before, now] = [live, record].map(({ revision = '' }) => revision.slice(0, 8));
    expect(record.warnings).toEqual([
      `main at ${now} does not go on from ${before}, which was live: it was rewritten, or ${before} came from elsewhere`,
    ]);
  });

  it('is not looked for where nobody knows what is live: a sync of a tag that was ended from outside', async () => {
    app.commit({ greeting: 'tagged' });
    move(tag, git('rev-parse', branch));
    rig.arm({ activity: 'apply', when: 'before', nth: 2, action: 'hold' });
    const ticket = await app.askForSync({ revision: 'v1' });
    await rig.fired();
    await rig.client.temporal.workflow.getHandle(ticket.workflowId).terminate('test');
    rig.release();
    expect(await rig.client.wait(ticket)).toMatchObject({ status: 'interrupted', revision: 'v1' });
    const record = await app.finish(await app.askForSync());
    expect(record).toMatchObject({ status: 'succeeded' });
    expect(record).not.toHaveProperty('warnings');
  });

  it('is none when somebody names an older commit', async () => {
    app.commit({ greeting: 'newest' });
    await app.finish(await app.askForSync());
    const record = await app.finish(await app.askForSync({ revision: first }));
    expect(record).toMatchObject({ status: 'succeeded', revision: first });
    expect(record).not.toHaveProperty('warnings');
    app.wanted = original;
    app.accept();
  });
});

describe('a branch that is gone, and its commits with it', () => {
  it('fails the next sync before it writes', async () => {
    app.commit({ greeting: 'last' });
    expect(await app.finish(await app.askForSync())).toMatchObject({ status: 'succeeded' });
    remove(branch);
    remove(tag);
    throwAway();
    const record = await app.finish(await app.askForSync());
    expect(record).toMatchObject({ status: 'failed', errorCode: 'RevisionNotFound', metrics: { applied: 0 } });
    await expectSound(app, record.number);
  });

  it('is not needed for a rollback', async () => {
    const record = await rig.client.wait(await rig.client.rollback(app.id, 'the branch is gone'), 60_000);
    expect(record).toMatchObject({ status: 'succeeded' });
    app.wanted = original;
    app.accept();
    await expectSound(app, record.number);
  });
});

it('every history replays', () => expectReplays(rig));

/** In the bare repository itself, as a forge or an administrator would. */
function git(...args: string[]): string {
  const env = { PATH: process.env['PATH'], GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
  const named = { GIT_AUTHOR_NAME: 'Test', GIT_COMMITTER_NAME: 'Test' };
  const mails = { GIT_AUTHOR_EMAIL: 'test@example.invalid', GIT_COMMITTER_EMAIL: 'test@example.invalid' };
  const all = ['--git-dir', app.repository.path, ...args];
  return execFileSync('git', all, { env: { ...env, ...named, ...mails }, encoding: 'utf8' }).trim();
}

function move(ref: string, commit: string): void {
  git('update-ref', ref, commit);
}

function remove(ref: string): void {
  git('update-ref', '-d', ref);
}

/** Another commit without parents, with another content; the planned one is nobody's any more. */
function rewrite(): void {
  const other = git('commit-tree', `${first}^{tree}`, '-m', 'rewritten');
  move(branch, other);
  remove(tag);
  throwAway();
}

/** What no ref leads to is gone at once. */
function throwAway(): void {
  git('reflog', 'expire', '--expire=now', '--all');
  git('gc', '--quiet', '--prune=now');
}
