/**
 * What an application waits for before it syncs: those it depends on, synced and healthy. It asks each of them with a
 * signal; one that is not ready answers so, and again by itself as soon as it is. Nobody polls.
 *
 * A round of questions is for one request. When somebody was not ready, all are asked once more in the end: the first
 * may have moved on while the last was waited for.
 */
import { getExternalWorkflowHandle, workflowInfo } from '@temporalio/workflow';
import type { ApplicationSpec } from '../domain/application.js';
import { dependencyAskedSignal, workflowIds, type DependencyAnswer, type NumberedRequest } from './messages.js';

interface Round {
  readonly question: string;
  /** Number of the request. */
  readonly request: number;
  /** Application -> why it is not ready; undefined when it is. */
  readonly answers: Map<string, string | undefined>;
  waited: boolean;
  /** How often those that are not declared were asked. */
  tries: number;
}

/** One that is not declared is asked again: nobody would tell of its declaration. 1 s, 2 s, 4 s ... 30 s. */
const undeclaredPause = { firstMs: 1000, longestMs: 30_000 } as const;

const undeclared = 'it is not declared';

/** A rollback, a deletion or a correction of drift goes back to what was there, and waits for nobody. */
export function waitsForOthers({ dependsOn = [] }: ApplicationSpec, request: NumberedRequest): boolean {
  return dependsOn.length > 0 && (request.operation ?? 'sync') === 'sync' && !request.dryRun && !request.alone;
}

export class AwaitedDependencies {
  private round: Round | undefined;
  private rounds = 0;

  /** True when a round is to begin: for a new request, or because all are ready now but were not at once. */
  mustAsk(spec: ApplicationSpec, request: NumberedRequest): boolean {
    if (this.round?.request !== request.number) return true;
    return this.round.waited && this.isReady(spec, this.round);
  }

  letPass(spec: ApplicationSpec, request: NumberedRequest): boolean {
    const { round } = this;
    return round?.request === request.number && !round.waited && this.isReady(spec, round);
  }

  async ask({ id, dependsOn = [] }: ApplicationSpec, request: NumberedRequest): Promise<void> {
    const question = `${workflowInfo().runId}/${++this.rounds}`;
    const round: Round = { question, request: request.number, answers: new Map(), waited: false, tries: 0 };
    this.round = round;
    for (const { app } of dependsOn) await this.askOne(round, app, id);
  }

  /** Those that are not declared are asked again. */
  async askUndeclared({ id }: ApplicationSpec): Promise<void> {
    const { round } = this;
    if (round === undefined) return;
    round.tries++;
    for (const [app, why] of [...round.answers]) if (why === undeclared) await this.askOne(round, app, id);
  }

  private async askOne(round: Round, app: string, id: string): Promise<void> {
    const handle = getExternalWorkflowHandle(workflowIds.application(app));
    try {
      await handle.signal(dependencyAskedSignal, { app: id, question: round.question });
    } catch {
      this.hear({ app, question: round.question, notReady: undeclared });
    }
  }

  hear({ app, question, notReady }: DependencyAnswer): void {
    const { round } = this;
    if (round?.question !== question) return;
    round.answers.set(app, notReady);
    if (notReady !== undefined) round.waited = true;
  }

  /** In ms; undefined when all are declared. */
  get asksAgainIn(): number | undefined {
    const { answers, tries = 0 } = this.round ?? {};
    if (answers === undefined || ![...answers.values()].includes(undeclared)) return undefined;
    return Math.min(undeclaredPause.longestMs, undeclaredPause.firstMs * 2 ** tries);
  }

  /** Name of each that is not ready -> why; undefined when nobody is waited for. */
  shown({ dependsOn = [] }: ApplicationSpec, request: NumberedRequest): Readonly<Record<string, string>> | undefined {
    const { round } = this;
    if (round?.request !== request.number) return undefined;
    const open = dependsOn.filter(({ app }) => !round.answers.has(app) || round.answers.get(app) !== undefined);
    if (open.length === 0) return undefined;
    return Object.fromEntries(open.map(({ app, name }) => [name, round.answers.get(app) ?? 'it was asked']));
  }

  private isReady({ dependsOn = [] }: ApplicationSpec, { answers }: Round): boolean {
    return dependsOn.every(({ app }) => answers.has(app) && answers.get(app) === undefined);
  }
}
