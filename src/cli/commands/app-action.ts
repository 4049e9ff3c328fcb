/**
 * `app actions`: what may be done to the objects of an application. `app action`: doing it, and waiting for the record.
 */
import type { Command } from 'commander';
import type { ActionParameter } from '../../domain/actions/action.js';
import { describeChange, type ActionRecord, type ListedAction } from '../../domain/actions/record.js';
import { describeReference } from '../../domain/object.js';
import { resourceText } from '../../domain/resource-selection.js';
import { caller, withSession, type CommandEnvironment } from '../environment.js';
import { collectPair } from '../script-source.js';
import { formatList, formatOne, outputFormat, type Column } from '../table.js';

const resourceForm = '[group:]kind:[namespace/]name';

const columns: readonly Column<ListedAction>[] = [
  { title: 'RESOURCE', value: ({ object }) => resourceText(object) },
  { title: 'ACTION', value: ({ name }) => name ?? '' },
  { title: 'STATE', value: stateOf },
  { title: 'DISPLAY NAME', value: ({ displayName }) => displayName ?? '' },
  { title: 'PARAMETERS', value: ({ params = [] }) => params.map(parameterText).join(', ') },
];

function stateOf({ error, disabled, reason }: ListedAction): string {
  if (error !== undefined) return `unknown: ${error}`;
  if (!disabled) return 'available';
  return reason === undefined ? 'disabled' : `disabled: ${reason}`;
}

function parameterText({ name, default: value }: ActionParameter): string {
  return value === undefined ? name : `${name}=${value}`;
}

interface ListOptions {
  readonly resource?: string;
  readonly output: string;
}

export function addActions(app: Command, environment: CommandEnvironment): void {
  app
    .command('actions')
    .description('what may be done to the objects of an application')
    .argument('<name>', 'name or id')
    .option(`--resource <${resourceForm}>`, 'only this object')
    .option('-o, --output <format>', 'table, json, yaml or name', 'table')
    .action((name: string, { resource, output }: ListOptions, command: Command) =>
      withSession(command, environment, async ({ client }) => {
        const format = outputFormat(output);
        const rows = await client.actions.list(name, resource);
        environment.terminal.print(format === 'name' ? namesOf(rows) : formatList(rows, columns, format));
      }),
    );
}

/** What `app action` takes, a line each. */
function namesOf(rows: readonly ListedAction[]): string {
  return rows.flatMap(({ object, name }) => (name === undefined ? [] : `${resourceText(object)} ${name}`)).join('\n');
}

interface ActionOptions {
  readonly resource: string;
  readonly param: Readonly<Record<string, string>>;
  readonly detach?: boolean;
  readonly output: string;
}

export function addAction(app: Command, environment: CommandEnvironment): void {
  app
    .command('action')
    .description('do something to one object of an application: restart, scale, create-job, ...')
    .argument('<name>', 'name or id')
    .argument('<action>', 'as `app actions` lists it')
    .requiredOption(`--resource <${resourceForm}>`, 'the object')
    .option('--param <k=v>', 'a parameter of the action (repeatable)', collectPair, {})
    .option('--detach', 'do not wait')
    .option('-o, --output <format>', 'table, json or yaml', 'table')
    .action((name: string, action: string, options: ActionOptions, command: Command) =>
      withSession(command, environment, async ({ client }) => {
        const { resource, param: params, detach, output } = options;
        const format = outputFormat(output);
        const request = { resource, action, params, who: caller(environment.env) };
        const ticket = await client.actions.start(name, request);
        if (detach) return environment.terminal.print(formatOne(ticket, format, () => ticket.workflowId));
        environment.terminal.note(`${action} ${resource} (${ticket.workflowId})`);
        const record = await client.actions.result(ticket);
        environment.terminal.print(formatOne(record, format, () => describeAction(record)));
      }),
    );
}

function describeAction({ action, object, changes, warnings }: ActionRecord): string {
  const lines = changes.length === 0 ? ['nothing to change'] : changes.map(describeChange);
  return [
    `${action} ${describeReference(object)}: done`,
    ...lines.map((line) => `  ${line}`),
    ...warnings.map((warning) => `warning: ${warning}`),
  ].join('\n');
}
