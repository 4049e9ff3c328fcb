/**
 * `exec.run`: a command in the folder of the run, at most once.
 */
import { parseDuration } from '../../domain/duration.js';
import { isSecretText, type MaybeSecret } from '../../domain/secret-text.js';
import type { Data, Step } from '../../lua/host.js';
import type { ExecOptions } from '../../schema/exec-options.js';
import { Interrupted, passText, workdirOf } from '../run-folder.js';
import { nameOf, type Call, type CallContext } from './call.js';

export const execCalls: Readonly<Record<string, Call>> = { 'exec.run': run };

/** Between the end of a command and the end of its step. */
const afterwardsMs = 60_000;

async function run({ folder }: CallContext, step: Step): Promise<unknown> {
  const [command, options] = step.args as [string, ExecOptions?];
  const { workdir, env, timeout, stdin } = options ?? {};
  const timeoutMs = timeout === undefined ? undefined : parseDuration(timeout);
  const input = {
    step: nameOf(step),
    command: await passText(command),
    env: textsOf({ ...step.task?.env, ...(env as Readonly<Record<string, Variable>> | undefined) }),
    ...within(workdirOf(step).workdir, workdir),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(stdin === undefined ? {} : { stdin: await passText(stdin) }),
  };
  const limit = timeoutMs === undefined ? {} : { timeoutMs: timeoutMs + afterwardsMs };
  try {
    return await folder.perform(step, { repeatable: false, ...limit }, (activities, name) =>
      activities.execCommand({ ...input, folder: name }),
    );
  } catch (error) {
    if (error instanceof Interrupted) return interrupted;
    throw error;
  }
}

const interrupted: Data = {
  stdout: '',
  stderr: 'the command was interrupted: its worker is gone; it may have run in part, and is not run again',
  exit_code: -1,
  interrupted: true,
};

type Variable = MaybeSecret | number | boolean;

function textsOf(env: Readonly<Record<string, Variable>>): Record<string, MaybeSecret> {
  const texts = Object.entries(env).map(([name, value]) => [name, isSecretText(value) ? value : String(value)]);
  return Object.fromEntries(texts) as Record<string, MaybeSecret>;
}

function within(base: string | undefined, workdir: string | undefined): { workdir?: string } {
  if (base === undefined || workdir === undefined || workdir.startsWith('/')) {
    const only = workdir ?? base;
    return only === undefined ? {} : { workdir: only };
  }
  return { workdir: `${base}/${workdir}` };
}
