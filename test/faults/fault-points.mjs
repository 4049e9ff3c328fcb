/**
 * Where a worker of the rig kills or freezes itself. The test arms one point as a file in the rig's folder; the first
 * process that reaches it takes the file away, so that each point fires once, also after a restart.
 *
 * `when`: `before` and `after` an activity; `before write`, `after write` of an object; `after fence`, which is the
 * write of the inventory in front of them (and, of a resource action, the object it makes); `in task`, when a workflow
 * task has decided on the activity and Temporal does not know yet. The activity `*` is any.
 *
 * A step is held for as long as the test wants, also in the attempt that follows one whose time was up meanwhile.
 */
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** Points that a step has once. */
const steps = new Set(['before', 'after']);
const signals = { kill: 'SIGKILL', freeze: 'SIGSTOP' };

export class FaultPoints {
  constructor(folder) {
    this.armed = join(folder, 'armed.json');
    this.fired = join(folder, 'fired.json');
    this.released = join(folder, 'released');
    this.told = join(folder, 'told');
  }

  /**
   * From the point's n-th passing on, this process is gone, stands still, or (`hold`) waits until it is released.
   * @param signal of the attempt; that a held one was told of its end is written down
   */
  async reach(activity, when, signal) {
    if (steps.has(when) && isHeldAt(pointIn(this.fired), activity, when)) return this.#untilReleased(signal);
    const point = pointIn(this.armed);
    if (!isAt(point, activity, when)) return;
    if (point.nth > 1) return writeFileSync(this.armed, JSON.stringify({ ...point, nth: point.nth - 1 }));
    if (!this.#take()) return;
    if (point.action === 'hold') return this.#untilReleased(signal);
    process.kill(process.pid, signals[point.action]);
  }

  /** Like `reach`, for a place that knows no more than the bytes in which activities are named. */
  reachIn(bytes, when) {
    const point = pointIn(this.armed);
    if (point?.when !== when) return;
    const named = point.activity === '*' || Buffer.from(bytes).includes(point.activity);
    if (named) void this.reach(point.activity, when);
  }

  #take() {
    try {
      renameSync(this.armed, this.fired);
      return true;
    } catch {
      return false; // another process was faster
    }
  }

  async #untilReleased(signal) {
    signal?.addEventListener('abort', () => writeFileSync(this.told, ''));
    while (!existsSync(this.released)) await delay(10);
    await delay(300); // long enough for every timer of the process to have its turn, should it have been frozen
    rmSync(this.released, { force: true });
  }
}

function pointIn(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

function isAt(point, activity, when) {
  return point?.when === when && [activity, '*'].includes(point.activity);
}

function isHeldAt(point, activity, when) {
  return point?.action === 'hold' && isAt(point, activity, when);
}
