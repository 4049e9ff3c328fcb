/**
 * What one evaluation may cost. CEL always ends, but nested comprehensions and values built from themselves can make
 * that end very late; a worker must not stand still meanwhile.
 */

/** Iterations and values looked at, of one evaluation with all the variables it reads. Some tenths of a second. */
const allowance = 200_000;
/** Characters of a text, or items of a list, that an expression builds. */
export const maxBuilt = 1_000_000;

export class BudgetExceeded extends Error {
  constructor(what = `the expression needs more than ${allowance} steps`) {
    super(what);
  }
}

let left = allowance;
let depth = 0;

/** Evaluations inside an evaluation (variables) share its allowance. */
export function withBudget<T>(run: () => T): T {
  if (depth++ === 0) left = allowance;
  try {
    return run();
  } finally {
    depth--;
  }
}

/** @throws BudgetExceeded */
export function spend(steps = 1): void {
  left -= steps;
  if (left < 0) throw new BudgetExceeded();
}

/** @throws BudgetExceeded */
export function limitBuilt(size: number): void {
  if (size > maxBuilt) throw new BudgetExceeded(`the expression builds a value of more than ${maxBuilt} parts`);
}
