/**
 * Applications that depend on this one: each is answered at once, and where it has to wait once more, as soon as this one
 * is ready.
 */
import { getExternalWorkflowHandle } from '@temporalio/workflow';
import type { Application } from './application.js';
import { notReady } from './application-state.js';
import { dependencyAnsweredSignal, workflowIds, type DependencyAnswer, type DependencyQuestion } from './messages.js';

export class Dependents {
  constructor(private readonly app: Application) {}

  /** Some wait for this one to be ready, and it is. */
  get mustBeTold(): boolean {
    return this.app.state.waiters !== undefined && this.notReady === undefined;
  }

  hear({ app, question }: DependencyQuestion): void {
    const why = this.notReady;
    if (why === undefined) return void this.answer(app, { question });
    const { state } = this.app;
    this.app.state = { ...state, waiters: { ...state.waiters, [app]: question } };
    void this.answer(app, { question, notReady: why });
  }

  async tell(): Promise<void> {
    const { waiters = {}, ...state } = this.app.state;
    this.app.state = state;
    for (const [app, question] of Object.entries(waiters)) await this.answer(app, { question });
  }

  private get notReady(): string | undefined {
    return notReady(this.app.state, this.app.running);
  }

  private async answer(to: string, answer: Omit<DependencyAnswer, 'app'>): Promise<void> {
    await getExternalWorkflowHandle(workflowIds.application(to))
      .signal(dependencyAnsweredSignal, { app: this.app.spec.id, ...answer })
      .catch(() => undefined);
  }
}
