/**
 * Commits that the sweep of the repository saw: taken up, now or later, unless they run, wait, are live or were rejected.
 */
import { patched } from '@temporalio/workflow';
import { isOfCommit, isPinned } from '../domain/urgency.js';
import type { Application } from './application.js';
import { frozenBy } from './application-state.js';
import type { RevisionObserved } from './messages.js';
import {
  concerns,
  isOfAnother,
  isOnItsWay,
  isSettled,
  keptForLater,
  requestFor,
  wasSettled,
} from './observed-revision.js';

export class Commits {
  constructor(private readonly app: Application) {}

  observe(seen: RevisionObserved): void {
    const { app } = this;
    const { waiting, suspended } = app.state;
    if (!app.spec.autoSync || app.leaving || !concerns(app.spec, seen)) return;
    if (this.isSettled(seen) && !this.wentBack(seen)) return;
    if (isOnItsWay(seen, app.running) || isOnItsWay(seen, waiting) || app.waitingSync.isFor(seen)) return;
    const held = suspended !== undefined || frozenBy(app.state) !== undefined;
    const pinned = app.waitingSync.request !== undefined && isPinned(app.waitingSync.request);
    const later = held || pinned || (waiting !== undefined && !isOfCommit(waiting.trigger));
    if (later) app.state = keptForLater(app.state, seen);
    else app.request(requestFor(seen, waiting));
  }

  /** What was kept for later. @param anyhow also a commit whose sync was cut short for one that came to nothing */
  takeUp(anyhow = false): void {
    const { app } = this;
    const { observed, observedBy: by, observedElsewhere, ...state } = app.state;
    app.state = state;
    const seen = observed === undefined ? undefined : { revision: observed, ...(by === undefined ? {} : { by }) };
    if (anyhow && seen !== undefined && app.spec.autoSync && state.waiting === undefined)
      return void app.request(requestFor(seen, undefined));
    if (seen !== undefined) this.observe(seen);
    if (observedElsewhere !== undefined) this.observe(observedElsewhere);
  }

  isSettled(seen: RevisionObserved | undefined): boolean {
    const { state } = this.app;
    const [settled, before] = [isSettled(state, seen), wasSettled(state, seen)];
    return settled !== before && patched('superseded-decides-nothing') ? settled : before;
  }

  /** The branch is at this commit again while a later one of it still waits: that one must not be let through. */
  private wentBack(seen: RevisionObserved): boolean {
    const others = [this.app.state.waiting, this.app.waitingSync.request].filter((r) => r && isOfAnother(r, seen));
    return others.length > 0 && patched('branches-go-back');
  }
}
