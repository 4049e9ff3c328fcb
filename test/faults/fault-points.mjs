/**
 * Where a worker of the rig kills or freezes itself. The test arms one point as a file in the rig's folder; the first
 * process that reaches it takes the file away, so that each point fires once, also after a restart.
 *
 * `when`: `before` and `after` an activity; `before write`, `after write` of an object; `after fence`, which is the
 * write of the inventory in front of them (and, of a resource action, the object it makes); `in task`, when a workflow
 * task has decided on the activity and Temporal does not know yet. The activity `*` is any.
 */
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const signals = { kill: 'SIGKILL', freeze: 'SIGSTOP' };

export class FaultPoints {
  constructor(folder) {
    this.armed = join(folder, 'armed.json');
    this.fired = join(folder, 'fired.json');
    this.released = join(folder, 'released');
  }

  /** From the point's n-th passing on, this process is gone, stands still, or (`hold`) waits until it is released. */
  async reach(activity, when) {
    const point = this.#armedPoint();
    if (point?.when !== when || ![activity, '*'].includes(point.activity)) return;
    if (point.nth > 1) return writeFileSync(this.armed, JSON.stringify({ ...point, nth: point.nth - 1 }));
    if (!this.#take()) return;
    if (point.action === 'hold') return this.#untilReleased();
    process.kill(process.pid, signals[point.action]);
  }

  /** Like `reach`, for a place that knows no more than the bytes in which activities are named. */
  reachIn(bytes, when) {
    const point = this.#armedPoint();
    if (point?.when !== when) return;
    const named = point.activity === '*' || Buffer.from(bytes).includes(point.activity);
    if (named) void this.reach(point.activity, when);
  }

  #armedPoint() {
    try {
      return JSON.parse(readFileSync(this.armed, 'utf8'));
    } catch {
      return undefined;
    }
  }

  #take() {
    try {
      renameSync(this.armed, this.fired);
      return true;
    } catch {
      return false; // another process was faster
    }
  }

  async #untilReleased() {
    while (!existsSync(this.released)) await delay(10);
    await delay(300); // long enough for every timer of the process to have its turn, should it have been frozen
    rmSync(this.released, { force: true });
  }
}
