/**
 * What an application does of itself, after a pause: it corrects drift, tries again what failed, and asks those again that
 * it depends on and that are not declared. Whatever comes meanwhile goes first.
 */
import { condition, isCancellation } from '@temporalio/workflow';
import type { Application } from './application.js';
import { healPause, healRequest } from './application-drift.js';
import { postponed, retryPause, retryRequest } from './application-retry.js';
import { frozenBy } from './application-state.js';
import { briefStep } from './steps.js';

export class Plans {
  constructor(private readonly app: Application) {}

  get any(): boolean {
    return [this.healsIn, this.retriesIn, this.asksAgainIn].some((pause) => pause !== undefined);
  }

  act(): Promise<void> {
    if (this.asksAgainIn !== undefined) return this.askUndeclaredAgain(this.asksAgainIn);
    return this.healsIn === undefined ? this.retry() : this.heal();
  }

  /** The pause before those that are not declared are asked again, in ms. */
  private get asksAgainIn(): number | undefined {
    return this.app.held === undefined ? undefined : this.app.awaited.asksAgainIn;
  }

  /** The pause before drift is corrected, in ms; undefined when it is not to be. */
  private get healsIn(): number | undefined {
    const { spec, state } = this.app;
    return frozenBy(state) === undefined ? healPause(spec, state, Date.now()) : undefined;
  }

  /** The pause before what failed is tried again, in ms; undefined when it is not to be. */
  private get retriesIn(): number | undefined {
    const { spec, state } = this.app;
    return frozenBy(state) === undefined ? retryPause(spec, state, Date.now()) : undefined;
  }

  private async askUndeclaredAgain(ms: number): Promise<void> {
    const { app } = this;
    if (await condition(() => app.isCalled || this.asksAgainIn === undefined, ms)) return;
    await app.awaited.askUndeclared(app.spec);
    app.show();
  }

  /** What failed is asked for again once its pause is over, unless something else comes first. */
  private async retry(): Promise<void> {
    const { app } = this;
    const { retriesIn: ms = 0 } = this;
    const elsewhere = (): boolean => app.isCalled || this.healsIn !== undefined || this.retriesIn === undefined;
    if (ms > 0) await condition(elsewhere, ms);
    const { retry } = app.state;
    if (elsewhere() || this.retriesIn !== 0 || retry === undefined) return;
    if (!(await isStoppedForAll())) return void (elsewhere() || app.request(retryRequest(retry)));
    if (app.state.retry === retry) app.state = { ...app.state, retry: postponed(retry, Date.now()) };
  }

  /** Drift becomes a request to correct it once its pause is over, unless something else comes first. */
  private async heal(): Promise<void> {
    const { app } = this;
    const { healsIn: ms = 0 } = this;
    if (ms > 0) await condition(() => app.isCalled || this.healsIn === undefined, ms);
    if (!app.isCalled && this.healsIn === 0 && app.state.drift) app.request(healRequest(app.state.drift));
  }
}

/** A pause of all Schedules holds for tries that no Schedule started as well. Whoever cannot say has not said no. */
async function isStoppedForAll(): Promise<boolean> {
  try {
    return await briefStep('is auto-sync stopped for all?', (activities) => activities.autoSyncStopped());
  } catch (error) {
    if (isCancellation(error)) throw error;
    return true;
  }
}
