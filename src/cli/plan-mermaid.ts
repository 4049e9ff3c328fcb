/**
 * A plan as a Mermaid flowchart: a box for each task with its steps inside, dashed where something hangs on an answer.
 */
import type { PlanDocument, PlannedStep, PlannedTask, PlannedWorkflow, Transition } from '../lua/plan/document.js';
import { stepText } from './plan-tree.js';

export function planMermaid(plan: PlanDocument): string {
  const all = [...plan.steps, ...plan.alternatives];
  const body = all.filter((step) => step.workflow === undefined).map((step) => node(step, '  '));
  const uncertain = all.filter((step) => step.assumed).map((step) => `s${step.number}`);
  return [
    'flowchart TD',
    `  start([${quoted(plan.script.name)}])`,
    ...body,
    ...plan.workflows.flatMap((workflow, i) => workflowBox(workflow, `w${i + 1}`, all)),
    `  finish([${quoted(plan.end.status)}])`,
    ...shown(plan).map(arrow),
    '  classDef assumed stroke-dasharray: 5 5',
    ...(uncertain.length === 0 ? [] : [`  class ${uncertain.join(',')} assumed`]),
  ].join('\n');
}

function workflowBox(workflow: PlannedWorkflow, id: string, steps: readonly PlannedStep[]): string[] {
  const own = steps.filter((step) => step.workflow === workflow.name);
  const names = new Map(workflow.tasks.map((task, i) => [task.name, `${id}t${i + 1}`]));
  return [
    `  subgraph ${id}[${quoted(`workflow ${workflow.name}`)}]`,
    ...workflow.tasks.flatMap((task) => taskBox(task, names.get(task.name) ?? '', own)),
    ...own.filter((step) => step.task === undefined).map((step) => node(step, '    ')),
    ...workflow.edges.map(({ from, to }) => `    ${names.get(from)} ==> ${names.get(to)}`),
    '  end',
  ];
}

function taskBox(task: PlannedTask, id: string, steps: readonly PlannedStep[]): string[] {
  const retries = task.retries > 0 ? `, ${task.retries} retries` : '';
  const own = steps.filter((step) => step.task === task.name);
  return [
    `    subgraph ${id}[${quoted(`task ${task.name}${retries}`)}]`,
    ...(own.length === 0 ? [`      ${id}n[ ]`] : own.map((step) => node(step, '      '))),
    '    end',
  ];
}

function node(step: PlannedStep, indent: string): string {
  const hook = step.hook === undefined ? '' : `${step.hook}: `;
  const text = quoted(`${step.number} ${hook}${stepText(step)}`);
  return `${indent}s${step.number}${step.call === 'timer' ? `{{${text}}}` : `[${text}]`}`;
}

/** Of the ends only the one the plan assumes: that any step may fail needs no arrow. */
function shown({ transitions, steps }: PlanDocument): Transition[] {
  return transitions.filter((t) => t.to !== 'end' || (t.answer === undefined && t.from === (steps.length || 'start')));
}

function arrow({ from, to, answer }: Transition): string {
  const [a, b] = [from === 'start' ? 'start' : `s${from}`, to === 'end' ? 'finish' : `s${to}`];
  return answer === undefined ? `  ${a} --> ${b}` : `  ${a} -. ${answer} .-> ${b}`;
}

function quoted(text: string): string {
  return `"${text
    .replace(/[\n\r]+/g, ' ')
    .replaceAll('#', '#35;')
    .replaceAll('"', '#quot;')}"`;
}
