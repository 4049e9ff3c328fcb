/**
 * A worker that stands still in the middle of apply, sleeps through its own retry, and wakes up when another has done
 * its work: it must not write any more.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { ApplicationUnderTest } from './application-under-test.js';
import { engineWritesOf } from './audit-witness.js';
import { expectReplays, expectSound } from './oracle.js';
import { OwnLines } from './own-lines.js';
import type { Rig } from './rig.js';

let parts: OwnLines;
let rig: Rig;
let app: ApplicationUnderTest;

beforeAll(async () => {
  parts = await OwnLines.open();
  ({ rig } = parts);
  app = await ApplicationUnderTest.create(rig);
});

afterAll(async () => {
  await parts.close();
  app.repository.remove();
});

describe('a worker frozen in apply', () => {
  it('at a point of its code: another finishes, and it is refused when it wakes', async () => {
    rig.arm({ activity: 'apply', when: 'after fence', nth: 2, action: 'freeze' });
    const ticket = await app.change({ greeting: 'frozen' });
    await rig.fired();
    await finishWithoutIt(ticket, await frozenWorker());
  });

  it('while it waits for an answer, so that its timers wake first', async () => {
    rig.arm({ activity: 'apply', when: 'after fence', nth: 2, action: 'hold' });
    const ticket = await app.change({ greeting: 'frozen from outside' });
    await rig.fired();
    const sleeper = await workerOf('apply');
    rig.workers[sleeper]?.signal('SIGSTOP');
    rig.release();
    await finishWithoutIt(ticket, sleeper);
  });

  it('and every history replays', () => expectReplays(rig));
});

/**
 * Its line to Temporal is cut meanwhile, so that its open polls do not swallow the retry, and for a moment after it woke
 * up, so that nobody tells it that it has been replaced.
 */
async function finishWithoutIt(ticket: Parameters<typeof app.finish>[0], sleeper: number): Promise<void> {
  parts.lines[sleeper]?.set('refuse');
  const record = await app.finish(ticket);
  expect(record.status).toBe('succeeded');
  const written = engineWritesOf(app).length;
  rig.workers[sleeper]?.signal('SIGCONT');
  await delay(1500);
  parts.lines[sleeper]?.set('pass');
  await delay(1500);
  expect(engineWritesOf(app).slice(written)).toEqual([]);
  await expectSound(app, record.number);
}

async function frozenWorker(): Promise<number> {
  for (;;) {
    const index = rig.workers.findIndex(({ pid }) => /\) T /.test(readFileSync(`/proc/${pid}/stat`, 'latin1')));
    if (index >= 0) return index;
    await delay(20);
  }
}

/** Which worker made the last write, by the audit log. */
async function workerOf(activity: string): Promise<number> {
  const last = engineWritesOf(app).findLast((write) => write.activity === activity);
  return Number(last?.worker.split('-')[1]) - 1;
}
