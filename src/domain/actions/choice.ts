/**
 * Which of an object's actions is meant, and with which parameters.
 */
import { GitOpsError } from '../errors.js';
import { nearest } from '../nearest.js';
import { describeReference, type ObjectReference } from '../object.js';
import type { ResourceAction } from './action.js';

/** @throws GitOpsError UnknownAction naming those there are, ActionDisabled saying why */
export function chooseAction(
  actions: readonly ResourceAction[],
  wanted: string,
  reference: ObjectReference,
): ResourceAction {
  const action = actions.find(({ name }) => name === wanted);
  if (action === undefined) throw unknownAction(actions, wanted, reference);
  if (!action.disabled) return action;
  const why = action.reason ?? 'its discovery script says so for the state it is in';
  throw new GitOpsError('ActionDisabled', `${wanted} is disabled for ${describeReference(reference)}: ${why}`);
}

function unknownAction(actions: readonly ResourceAction[], wanted: string, reference: ObjectReference): GitOpsError {
  const names = actions.map(({ name }) => name);
  const near = nearest(wanted, names);
  const there = names.length === 0 ? 'it has none' : `its actions: ${names.join(', ')}`;
  return new GitOpsError('UnknownAction', `${describeReference(reference)} has no action '${wanted}'; ${there}`, {
    hint: near === undefined ? 'sloth-runner app actions NAME lists all of them' : `did you mean '${near}'?`,
  });
}

/**
 * Those given, and the defaults of the others.
 * @throws GitOpsError InvalidInput naming what is missing, or what the action does not know
 */
export function actionParams(
  { name, params }: ResourceAction,
  given: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const known = params.map((p) => p.name);
  const unknown = Object.keys(given).find((key) => !known.includes(key));
  if (unknown !== undefined) throw unknownParam(name, unknown, known);
  const missing = params.filter((p) => given[p.name] === undefined && p.default === undefined).map((p) => p.name);
  if (missing.length > 0)
    throw new GitOpsError('InvalidInput', `${name} needs the parameter ${missing.join(', ')}`, {
      hint: missing.map((key) => `--param ${key}=VALUE`).join(' '),
    });
  const defaults = params.flatMap((p) => (p.default === undefined ? [] : [[p.name, p.default] as const]));
  return { ...Object.fromEntries(defaults), ...given };
}

function unknownParam(action: string, unknown: string, known: readonly string[]): GitOpsError {
  const near = nearest(unknown, known);
  const there = known.length === 0 ? 'it takes none' : `it takes ${known.join(', ')}`;
  return new GitOpsError('InvalidInput', `${action} has no parameter '${unknown}'; ${there}`, {
    ...(near === undefined ? {} : { hint: `did you mean '${near}'?` }),
  });
}
