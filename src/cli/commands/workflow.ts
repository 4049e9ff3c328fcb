/**
 * `workflow list|show|cancel|approve|reject`: whatever runs on Temporal for us.
 */
import type { Command } from 'commander';
import type { HistoryStep } from '../../client/history-steps.js';
import type { RunSummary } from '../../client/workflow-runs.js';
import type { GitOpsClient } from '../../client/gitops-client.js';
import { hasCode } from '../../domain/errors.js';
import type { Metric } from '../../lua/metrics.js';
import type { Question } from '../../workflows/messages.js';
import { decide, type DecisionOptions } from './app-approval.js';
import { isPromotionId } from '../../client/promotions.js';
import { questionText } from '../question-desk.js';
import { describePromotion, promotionLine } from '../show-promotion.js';
import type { Terminal } from '../terminal.js';
import { caller, withSession, type CommandEnvironment } from '../environment.js';
import { historyUrl } from '../script-summary.js';
import { age, formatList, formatOne, outputFormat, type Column } from '../table.js';

const columns: readonly Column<RunSummary>[] = [
  { title: 'ID', value: (r) => r.id },
  { title: 'TYPE', value: (r) => r.type },
  { title: 'STATUS', value: (r) => r.status.toLowerCase() },
  { title: 'APP', value: (r) => r.app },
  { title: 'AGE', value: (r) => age(r.startedAt) },
  { title: 'RUN', value: (r) => r.runId, wide: true },
];

export function addWorkflowCommands(program: Command, environment: CommandEnvironment): void {
  const workflow = program.command('workflow').description('runs: scripts, syncs, previews and the rest');
  addList(workflow, environment);
  addShow(workflow, environment);
  addCancel(workflow, environment);
  addAnswer(workflow, environment, 'approve', 'y');
  addAnswer(workflow, environment, 'reject', 'n');
}

interface ListOptions {
  readonly type?: string;
  readonly app?: string;
  readonly limit: number;
  readonly output: string;
}

function addList(workflow: Command, environment: CommandEnvironment): void {
  workflow
    .command('list')
    .description('list runs, newest first')
    .option('--type <type>', 'script, sync, application, repository, preview, resourceAction or sweep')
    .option('--app <name>', 'only runs of this application')
    .option('--limit <n>', 'at most n', Number, 50)
    .option('-o, --output <format>', 'table, wide, json, yaml or name', 'table')
    .action((options: ListOptions, command: Command) =>
      withSession(command, environment, async ({ client }) => {
        const { output, ...filter } = options;
        environment.terminal.print(formatList(await client.workflows.list(filter), columns, outputFormat(output)));
      }),
    );
}

function addShow(workflow: Command, environment: CommandEnvironment): void {
  workflow
    .command('show')
    .description('the steps of a run, in words')
    .argument('<id>', 'workflow id')
    .option('--follow', 'go on until the run has ended')
    .option('-o, --output <format>', 'table, json or yaml', 'table')
    .action((id: string, options: { follow?: boolean; output: string }, command: Command) =>
      withSession(command, environment, async ({ client, uiUrl }) => {
        const { terminal } = environment;
        const run = await client.workflows.describe(id);
        if (run.type === 'promotion') return showPromotion(client, id, options, terminal);
        const more = run.type === 'script' ? await scriptDetails(client, run) : {};
        if (options.follow) {
          for await (const step of client.workflows.follow(id)) terminal.print(stepLine(step));
        } else {
          const steps = await client.workflows.steps(id);
          const text = (): string =>
            [
              `${run.type} ${run.id}: ${run.status.toLowerCase()}`,
              ...steps.map(stepLine),
              ...(more.questions ?? []).map((question) => questionText(question, id)),
            ].join('\n');
          terminal.print(formatOne({ ...run, steps, ...more }, outputFormat(options.output), text));
        }
        if (uiUrl !== undefined) terminal.note(historyUrl(uiUrl, id));
      }),
    );
}

/** Its environments, and with `--follow` each state it comes into. */
async function showPromotion(
  { promotions }: GitOpsClient,
  id: string,
  { follow, output }: { follow?: boolean; output: string },
  terminal: Terminal,
): Promise<void> {
  if (follow) for await (const progress of promotions.follow(id)) terminal.note(promotionLine(progress));
  const record = await promotions.get(id);
  terminal.print(formatOne(record, outputFormat(output), () => describePromotion(record)));
}

/** The questions of a run that is open, the metrics of one that has ended. */
async function scriptDetails(
  { scripts }: GitOpsClient,
  { id, status }: RunSummary,
): Promise<{ questions?: readonly Question[]; metrics?: readonly Metric[] }> {
  const run = { workflowId: id };
  return status === 'RUNNING' ? { questions: await scripts.questions(run) } : { metrics: await scripts.metrics(run) };
}

function stepLine({ at, kind, summary }: HistoryStep): string {
  return `${at}  ${kind.padEnd(8)}  ${summary}`;
}

function addCancel(workflow: Command, environment: CommandEnvironment): void {
  workflow
    .command('cancel')
    .description('cancel a run; what it began is brought to a known state first')
    .argument('<id>', 'workflow id')
    .action((id: string, _options: unknown, command: Command) =>
      withSession(command, environment, async ({ client }) => {
        await client.workflows.cancel(id);
        environment.terminal.print(`cancellation of ${id} requested`);
      }),
    );
}

interface AnswerOptions extends DecisionOptions {
  readonly answer?: string;
  readonly question?: number;
  readonly revision?: string;
}

/** Of a plan that waits, or of a script that asks. */
function addAnswer(
  workflow: Command,
  environment: CommandEnvironment,
  verb: 'approve' | 'reject',
  otherwise: string,
): void {
  workflow
    .command(verb)
    .description(
      `${verb} the plan of a sync or the step of a promotion that waits, or answer the question of a script with "${otherwise}"`,
    )
    .argument('<run>', 'an application, or the workflow id of a sync, a promotion or a script')
    .option('--digest <digest>', 'of the plan that was looked at; the one that waits otherwise')
    .option('--answer <text>', 'what to answer')
    .option('--question <n>', 'which one, when several are open', Number)
    .option('--revision <commit>', 'of a promotion: only when it waits for this commit')
    .option('--reason <text>', 'kept in the history')
    .option('--by <name>', 'in whose name, default the login name')
    .action((id: string, options: AnswerOptions, command: Command) =>
      withSession(command, environment, async ({ client }) => {
        if (isPromotionId(id)) return decideStep(client, id, verb, options, environment);
        if (!(await isScript(client, id)))
          return environment.terminal.print(await decide(client, verb, id, options, environment));
        const {
          answer = otherwise,
          by = caller(environment.env),
          digest: _ofPlans,
          revision: _ofPromotions,
          ...rest
        } = options;
        const { number } = await client.scripts.answer({ workflowId: id }, { answer, by, ...rest });
        environment.terminal.print(`question ${number} of ${id} answered "${answer}"`);
      }),
    );
}

/** A run of that id that is no sync; what is no run at all is taken for an application. */
async function isScript({ workflows }: GitOpsClient, id: string): Promise<boolean> {
  try {
    return !['sync', 'application'].includes((await workflows.describe(id)).type);
  } catch (error) {
    if (hasCode(error, 'UnknownWorkflow')) return false;
    throw error;
  }
}

async function decideStep(
  { promotions }: GitOpsClient,
  id: string,
  verb: string,
  { by, reason, revision }: AnswerOptions,
  { env, terminal }: CommandEnvironment,
): Promise<void> {
  const said = Object.entries({ reason, revision }).filter(([, value]) => value !== undefined);
  const answer = { approve: verb === 'approve', by: by ?? caller(env), ...Object.fromEntries(said) };
  const open = await promotions.decide(id, answer);
  terminal.print(
    `${open.revision.slice(0, 8)} for ${open.app} ${answer.approve ? 'approved' : 'rejected'} by ${answer.by}`,
  );
}
