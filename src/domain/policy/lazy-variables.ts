/**
 * `variables` of an admission policy: each is evaluated when it is first read, and once.
 */
import type { CelInput } from '@bufbuild/cel';
import type { Bindings, Expression, Outcome } from './cel.js';

export class LazyVariables extends Map<string, CelInput> {
  private readonly outcomes = new Map<string, Outcome>();

  constructor(
    private readonly expressions: ReadonlyMap<string, Expression>,
    private readonly bindings: () => Bindings,
  ) {
    super();
  }

  /** @throws Error when the variable has no value: it becomes the error of the expression that reads it */
  override get(name: string): CelInput | undefined {
    const expression = this.expressions.get(name);
    if (expression === undefined) return undefined;
    const outcome = this.outcomes.get(name) ?? expression.evaluate(this.bindings());
    this.outcomes.set(name, outcome);
    if ('error' in outcome) throw new Error(`variables.${name}: ${outcome.error}`);
    return outcome.value as CelInput;
  }

  override get size(): number {
    return this.expressions.size;
  }
}
