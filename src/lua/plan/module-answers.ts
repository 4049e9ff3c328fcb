/**
 * What a plan assumes of the modules' calls: requests are answered with 200, states are empty, people say yes.
 */
import { GitOpsError } from '../../domain/errors.js';
import { apply, isReading, read, type StateEntries, type StateValue } from '../../domain/script-state.js';
import { httpCalls } from '../calls/http-calls.js';
import { notificationCalls } from '../calls/notification-calls.js';
import { stateCalls } from '../calls/state-calls.js';
import type { Data } from '../host.js';
import type { AnswerRow } from './answers.js';
import type { SimulatedEngine } from './simulated-engine.js';

const refused = (): never => {
  throw new GitOpsError('RequestFailed', 'assumed: the request got no answer');
};

const answered: Data = { status_code: 200, status: 200, success: true, headers: {}, body: '{}' };
const http: AnswerRow = { success: () => answered, others: { failure: refused } };
const notified: AnswerRow = { success: () => true, others: { failure: refused } };

/** A state of each recorded run: what was set is there when it is read. */
const states = new WeakMap<SimulatedEngine, StateEntries>();

function state(name: string): AnswerRow {
  return {
    success: (engine, args) => {
      const entries = states.get(engine) ?? {};
      const operation = { name, args: args as readonly StateValue[], owner: 'plan' };
      if (isReading(name)) return read(entries, operation, engine.now()) as Data;
      const changed = apply(entries, operation, engine.now());
      states.set(engine, changed.entries);
      return changed.result as Data;
    },
    others: {},
  };
}

const rowsOf = (module: string, names: object, row: (name: string) => AnswerRow): [string, AnswerRow][] =>
  Object.keys(names).map((name) => [`${module}.${name}`, row(name)]);

export const moduleAnswers: Readonly<Record<string, AnswerRow>> = Object.fromEntries([
  ...rowsOf('http', httpCalls, () => http),
  ...rowsOf('notifications', notificationCalls, () => notified),
  ...rowsOf('state', stateCalls, state),
  ['io.read', { success: () => 'y', others: { failure: () => 'n' } } satisfies AnswerRow],
]);
