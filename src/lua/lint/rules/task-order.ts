/**
 * The order of tasks: one task a name, dependencies that there are, no circle.
 */
import type { Node } from 'luaparse';
import { nearest } from '../../../domain/nearest.js';
import { definitionsIn, type Definition, type WorkflowFound } from '../definitions.js';
import { didYouMean, remark, type Remark } from '../rule.js';
import type { ScriptFacts } from '../script-facts.js';
import { textOf } from '../syntax-tree.js';
import { listedValues } from '../table-fields.js';

export function duplicateTasks(script: ScriptFacts): Remark[] {
  return definitionsIn(script).workflows.flatMap(({ tasks }) =>
    tasks.flatMap(({ name, node }, i) => {
      const first = tasks.findIndex((task) => task.name === name);
      return name === undefined || first === i
        ? []
        : [remark(node, `two tasks are called '${name}'`, 'give each its own name')];
    }),
  );
}

interface Dependency {
  readonly name: string;
  readonly node: Node;
}

function dependenciesOf({ keys }: Definition, script: ScriptFacts): Dependency[] {
  const values = keys.filter(({ name }) => name === 'depends_on').flatMap((key) => key.values);
  const flat = values.flatMap((value) => {
    const table = script.tableOf(value);
    return table === undefined || definitionsIn(script).taskOf(value)?.name !== undefined
      ? [value]
      : listedValues(table);
  });
  return flat.flatMap((node) => {
    const name = textOf(node) ?? definitionsIn(script).taskOf(node)?.name;
    return name === undefined ? [] : [{ name, node }];
  });
}

export function unknownDependencies(script: ScriptFacts): Remark[] {
  return definitionsIn(script).workflows.flatMap((workflow) => {
    const names = workflow.tasks.map(({ name }) => name);
    if (!workflow.complete || names.includes(undefined)) return [];
    const known = names.filter((name) => name !== undefined);
    return workflow.tasks.flatMap((task) =>
      dependenciesOf(task, script).flatMap(({ name, node }) => {
        if (known.includes(name)) return [];
        const hint = didYouMean(nearest(name, known)) ?? `the tasks are ${known.join(', ')}`;
        return [remark(node, `task '${task.name}' depends on '${name}', which is not defined`, hint)];
      }),
    );
  });
}

export function circles(script: ScriptFacts): Remark[] {
  return definitionsIn(script).workflows.flatMap((workflow) => circleIn(workflow, script));
}

function circleIn({ tasks }: WorkflowFound, script: ScriptFacts): Remark[] {
  const needs = new Map(tasks.map((task) => [task.name, dependenciesOf(task, script)]));
  const done = new Set<string>();
  const visit = (name: string, path: readonly string[]): Remark[] => {
    if (done.has(name)) return [];
    for (const { name: next, node } of needs.get(name) ?? []) {
      const begin = [...path, name].indexOf(next);
      if (begin >= 0)
        return [
          remark(
            node,
            `tasks depend on each other in a circle: ${[...path, name].slice(begin).join(' -> ')} -> ${next}`,
          ),
        ];
      const inner = visit(next, [...path, name]);
      if (inner.length > 0) return inner;
    }
    done.add(name);
    return [];
  };
  return tasks.flatMap(({ name }) => (name === undefined ? [] : visit(name, []))).slice(0, 1);
}
