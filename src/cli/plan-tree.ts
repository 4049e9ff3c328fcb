/**
 * A plan for people: the workflows with their tasks, then each step under the place it belongs to, then what other
 * answers would bring.
 */
import { formatDuration } from '../domain/duration.js';
import type { Place } from '../lua/host.js';
import type { PlanDocument, PlannedStep, PlannedWorkflow } from '../lua/plan/document.js';
import { foldRepeats } from './fold-repeats.js';
import type { Terminal } from './terminal.js';

type Paint = Terminal['paint'];

export function planTree(plan: PlanDocument, paint: Paint): string {
  return [
    paint.bold(`plan of ${plan.script.name}`) + paint.dim(`  sha256 ${plan.script.sha256.slice(0, 12)}`),
    counts(plan),
    ...plan.workflows.flatMap((workflow) => ['', ...workflowLines(workflow)]),
    '',
    ...stepLines(plan.steps, remarks, paint),
    `  ${endOf(plan)}`,
    ...alternativeLines(plan, paint),
  ].join('\n');
}

function counts({ steps, explored, live }: PlanDocument): string {
  const assumed = steps.filter((step) => step.assumed).length;
  const asked = live ? `, ${steps.filter((step) => step.source === 'live').length} answered by the engine` : '';
  const tried = `${explored.runs} runs tried${explored.complete ? '' : ', not every answer'}`;
  return `${steps.length} steps: ${steps.length - assumed} unconditional, ${assumed} assumed${asked} (${tried})`;
}

function workflowLines({ name, description, version, tasks, hooks }: PlannedWorkflow): string[] {
  const title = [`workflow ${name}`, version, description].filter((part) => part !== undefined).join('  ');
  const lines = tasks.map(({ name: task, dependsOn, retries, backoff, timeout, hooks: own }) =>
    [
      `task ${task}`,
      dependsOn.length > 0 && `after ${dependsOn.join(', ')}`,
      retries > 0 && `up to ${retries} retries${backoff === undefined ? '' : ` (${backoff})`}`,
      timeout !== undefined && `timeout ${timeout}`,
      own.length > 0 && `hooks ${own.join(', ')}`,
    ]
      .filter((part) => part !== false)
      .join('  '),
  );
  if (hooks.length > 0) lines.push(`hooks ${hooks.join(', ')}`);
  return [title, ...lines.map((line, i) => `${i === lines.length - 1 ? '└─' : '├─'} ${line}`)];
}

/** Steps in order, a heading wherever the place changes; the rounds of a loop are written once. */
function stepLines(steps: readonly PlannedStep[], remark: (step: PlannedStep) => string, paint: Paint): string[] {
  let place = '';
  const lineOf = (step: PlannedStep, times: string): string[] => {
    const here = placeName(step);
    const heading = here === place ? [] : [paint.bold(here)];
    place = here;
    return [...heading, `  ${String(step.number).padStart(3)}  ${stepText(step)}${times}${paint.dim(remark(step))}`];
  };
  return foldRepeats(steps, looks).flatMap(({ items, times }) => {
    const alone = items.length === 1 && times > 1 ? `  x ${times}` : '';
    const lines = items.flatMap((step) => lineOf(step, alone));
    return items.length > 1 && times > 1 ? [...lines, `       these ${items.length} steps x ${times}`] : lines;
  });
}

/** Equal for steps between which a reader sees no difference. */
function looks(step: PlannedStep): string {
  const { line, answer, source, assumed, standIn } = step;
  return JSON.stringify([placeName(step), stepText(step), line, answer, source, assumed, standIn]);
}

function placeName({ workflow, task, hook, attempt = 1 }: Place): string {
  const parts = [workflow ?? 'script', task, hook, attempt > 1 ? `attempt ${attempt}` : undefined];
  return parts.filter((part) => part !== undefined).join(' > ');
}

export function stepText({ call, summary, arguments: [ms] }: PlannedStep): string {
  return call === 'timer' ? `wait ${formatDuration(Number(ms))}: ${summary}` : summary;
}

function remarks(step: PlannedStep): string {
  const marks = [
    step.line > 0 && `line ${step.line}`,
    step.answer === 'failure' && 'answered with a failure',
    !['failure', 'success', 'timer'].includes(step.answer) && `answered with ${step.answer}`,
    step.source === 'live' && 'asked the engine',
    step.standIn === true && 'its id is a stand-in',
    step.assumed && `assumed: hangs on the answer of ${listed(step.hangsOn)}`,
  ];
  return `  (${marks.filter((mark) => mark !== false).join('; ')})`;
}

function listed(numbers: readonly number[]): string {
  const shown = numbers.slice(0, 4).map((number) => `step ${number}`);
  const more = numbers.length > 4 ? ` and ${numbers.length - 4} more` : '';
  return shown.join(', ') + more;
}

function endOf({ end }: PlanDocument): string {
  return `end: ${end.status}${end.message === undefined ? '' : `: ${end.message}`}`;
}

function alternativeLines({ alternatives, transitions }: PlanDocument, paint: Paint): string[] {
  if (alternatives.length === 0) return [];
  const cause = ({ number, hangsOn }: PlannedStep): string => {
    const ways = transitions.filter((t) => t.to === number);
    const causes = ways.map((t) => `${t.answer} of step ${t.from}`);
    return ways.every((t) => t.answer !== undefined)
      ? `  (after ${causes.slice(0, 4).join(', ')})`
      : `  (hangs on step ${hangsOn.join(', ')})`;
  };
  return ['', paint.bold('with other answers'), ...stepLines(alternatives, cause, paint)];
}
