/**
 * The DSL as data: the keys of tasks and workflows, each also a method of the fluent form (lua-api.md section 3).
 */
import { parameterOf, type ParameterEntry } from './function-entry.js';

export interface DslKey {
  readonly name: string;
  readonly type: string;
  readonly describe: string;
  /** A method takes these where they are more than the one value. */
  readonly parameters?: readonly ParameterEntry[];
  /** The older name of another key. */
  readonly aliasOf?: string;
}

const command = 'fun(params: sloth.Params, deps: table<string, table>): ...any';
const done = 'fun(params: sloth.Params, output: table)';
const failed = 'fun(params: sloth.Params, err: sloth.TaskError)';
const hook = 'fun(params: sloth.Params)';
const globs = 'string|string[]';
const duration = 'string|number';

function key(text: string, parameters?: readonly string[]): DslKey {
  const { name, type, describe } = parameterOf(text);
  return { name, type, describe, ...(parameters && { parameters: parameters.map(parameterOf) }) };
}

function alias(name: string, of: readonly DslKey[], aliasOf: string): DslKey {
  const original = of.find((k) => k.name === aliasOf);
  return { ...(original ?? key(`${name} any`)), name, aliasOf, describe: `Another name of \`${aliasOf}\`.` };
}

const taskOwn: readonly DslKey[] = [
  key('description string'),
  key(
    `command string|${command} A shell line, or a function that gives \`true[, message[, output]]\`, \`false, message\`, or a table with \`success\`. A first parameter called this, self or t is the task itself.`,
  ),
  key(`timeout ${duration} For each attempt: "5m", or seconds.`),
  key('retries number Further attempts; the pauses grow as the second argument says.', [
    'count number further attempts',
    'backoff? "exponential"|"linear"|"fixed" how the pauses grow',
  ]),
  key('backoff "exponential"|"linear"|"fixed" How the pauses between attempts grow.'),
  key('depends_on string|string[]|sloth.TaskBuilder|sloth.TaskBuilder[] Tasks that must succeed first.', [
    '... string|string[]|sloth.TaskBuilder|sloth.TaskBuilder[]',
  ]),
  key(`on_success ${done} After an attempt that went well.`),
  key(`on_failure ${failed} After an attempt that failed.`),
  key(`on_timeout ${failed} After an attempt whose time was up.`),
  key('on_retry fun(params: sloth.Params, attempt: number) Before a further attempt.'),
  key('on_skip fun(params: sloth.Params, why: string) When the task is skipped.'),
  key(`pre_hook ${hook} Before each attempt.`),
  key(`post_hook ${hook} After each attempt.`),
  key(`run_if string|${command} Skips the task when it is false, or when the shell line fails.`),
  key(`abort_if string|${command} Fails the task when it is true, or when the shell line succeeds.`),
  key('delegate_to string|table|fun(): string Task queue of the workers for its shell lines, files and git commands.'),
  key(`artifacts ${globs} Files handed to later tasks, globs.`),
  key(`consumes ${globs} Files of earlier tasks, globs.`),
  key('workdir string Folder for its shell lines and files, inside that of the run.'),
  key('env table<string, string|sloth.Secret> Variables of its shell lines.'),
  key('user string Ignored by local workers, with a warning.'),
  key('async boolean Does not hold up the tasks behind it.', ['value? boolean']),
  key('next_if_fail string|string[] The task to go on with when this one fails.'),
  key('params table<string, any> Parameters of its functions.'),
];

export const taskKeys: readonly DslKey[] = [
  ...taskOwn,
  alias('run', taskOwn, 'command'),
  alias('condition', taskOwn, 'run_if'),
  alias('on_fail', taskOwn, 'on_failure'),
];

export const workflowKeys: readonly DslKey[] = [
  key('description string'),
  key('version string'),
  key('tasks (sloth.TaskBuilder|sloth.Task)[]|table<string, sloth.TaskBuilder|sloth.Task> The tasks.', [
    '... (sloth.TaskBuilder|sloth.Task)[]|table<string, sloth.TaskBuilder|sloth.Task>|sloth.TaskBuilder|sloth.Task',
  ]),
  key('config sloth.RunConfig How the tasks are run.'),
  key('on_start fun() Before the first task.'),
  key('on_task_start fun(name: string) Before each task.'),
  key(
    'on_task_complete fun(name: string, success: boolean, output: table) After each task; output always has `duration`.',
  ),
  key('on_complete fun(success: boolean, results: table<string, sloth.TaskResult>) Once, at the end.'),
  key('metadata table Anything of yours; it has no effect.'),
];

export const configKeys: readonly DslKey[] = [
  key(`timeout ${duration} For the whole workflow.`),
  key('max_parallel_tasks number How many tasks may run at once; 1 when absent.'),
  key(
    'retry_policy string|table Retries of tasks that name none: { max_attempts, backoff, initial_delay, max_delay }.',
  ),
  key('fail_fast boolean The first failure skips the tasks that have not begun.'),
  key('continue_on_error boolean Goes on after a failure.'),
  key('cleanup_on_failure boolean Cleans the folder of the run after a failure.'),
  key('workdir string Folder of the tasks.'),
];

/** Accepted, stored, and named once in a warning: other programs have them. */
export const methodsSeenInTheWild: readonly string[] = [
  'tags',
  'circuit_breaker',
  'health_check',
  'priority',
  'resources',
  'rate_limit',
  'cache',
  'security',
  'monitor',
  'labels',
  'metadata',
];
