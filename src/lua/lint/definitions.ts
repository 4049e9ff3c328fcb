/**
 * The workflows and tasks that a script defines, as far as they are written out: both forms of the DSL (lua-api.md
 * section 3).
 */
import type { Expression, Node } from 'luaparse';
import type { ScriptCall, ScriptFacts } from './script-facts.js';
import { argumentsOf, isCall, textOf, type CallNode } from './syntax-tree.js';
import { hasKnownKeys, listedValues, namedFields } from './table-fields.js';

/** A key of a table, or a method with its arguments. */
export interface DefinedKey {
  readonly name: string;
  readonly key: Node;
  readonly values: readonly Expression[];
  readonly form: 'method' | 'field';
}

export interface Definition {
  /** Undefined when it is computed. */
  readonly name: string | undefined;
  readonly node: Node;
  readonly keys: readonly DefinedKey[];
}

export interface WorkflowFound extends Definition {
  readonly tasks: readonly Definition[];
  /** Whether there can be no other tasks. */
  readonly complete: boolean;
}

export class Definitions {
  readonly workflows: readonly WorkflowFound[];
  /** Every `task(...)`, also those that are in no workflow. */
  readonly tasks: readonly Definition[];
  private readonly chains: ReadonlyMap<CallNode, DefinedKey[]>;

  constructor(private readonly script: ScriptFacts) {
    this.chains = chainsOf(script);
    const starts = (path: string): CallNode[] =>
      [...this.chains.keys()].filter((node) => script.pathOf(node.base) === path);
    this.workflows = starts('workflow.define').map((start) => this.workflowOf(start));
    const tables = this.workflows.flatMap(({ tasks }) => tasks.filter(({ node }) => !isCall(node)));
    this.tasks = [...starts('task').map((start) => this.builderOf(start)), ...tables];
  }

  private workflowOf(start: CallNode): WorkflowFound {
    const [name, spec] = argumentsOf(start);
    const table = this.script.tableOf(spec);
    const fields = table === undefined ? [] : fieldsOf(table);
    const keys = [...fields, ...(this.chains.get(start) ?? [])];
    const lists = keys
      .filter((key) => key.name === 'tasks')
      .flatMap(({ values }) => values.map((value) => this.tasksIn(value)));
    const written = spec === undefined || table !== undefined;
    return {
      name: textOf(name),
      node: start,
      keys,
      tasks: lists.flatMap(({ tasks }) => tasks),
      complete: written && lists.every((list) => list.complete) && lists.length > 0,
    };
  }

  private tasksIn(node: Expression): { tasks: Definition[]; complete: boolean } {
    const table = this.script.tableOf(node);
    if (table === undefined) {
      const task = this.taskOf(node);
      return { tasks: task === undefined ? [] : [task], complete: task !== undefined };
    }
    const own = this.isTask(node) ? [this.tableTask(node)] : undefined;
    if (own !== undefined) return { tasks: own, complete: true };
    const entries = [...listedValues(table).map((value) => ({ value, name: undefined })), ...namedFields(table)];
    const tasks = entries.map(({ value, name }) => this.taskOf(value, name));
    return {
      tasks: tasks.filter((task) => task !== undefined),
      complete: hasKnownKeys(table) && !tasks.includes(undefined),
    };
  }

  /** A task of table form stands where a list of tasks may stand as well. */
  private isTask(node: Expression): boolean {
    const table = this.script.tableOf(node);
    return (
      table !== undefined &&
      namedFields(table).some(({ name, value }) => name === 'name' && textOf(value) !== undefined)
    );
  }

  taskOf(node: Expression, name?: string): Definition | undefined {
    const start = startOfChain(node, this.script);
    if (start !== undefined) return this.script.pathOf(start.base) === 'task' ? this.builderOf(start) : undefined;
    return this.script.tableOf(node) === undefined ? undefined : this.tableTask(node, name);
  }

  private builderOf(start: CallNode): Definition {
    return { name: textOf(argumentsOf(start)[0]), node: start, keys: this.chains.get(start) ?? [] };
  }

  private tableTask(node: Expression, name?: string): Definition {
    const table = this.script.tableOf(node);
    const keys = table === undefined ? [] : fieldsOf(table);
    const own = keys.find((key) => key.name === 'name');
    return { name: own === undefined ? name : textOf(own.values[0]), node, keys };
  }
}

const found = new WeakMap<ScriptFacts, Definitions>();

/** Found once for all rules. */
export function definitionsIn(script: ScriptFacts): Definitions {
  const known = found.get(script) ?? new Definitions(script);
  found.set(script, known);
  return known;
}

function fieldsOf(table: Parameters<typeof namedFields>[0]): DefinedKey[] {
  return namedFields(table).map(({ name, key, value }) => ({ name, key, values: [value], form: 'field' }));
}

/** Methods by the call at the start of their chain; a chain may go on at the variable it was given to. */
function chainsOf(script: ScriptFacts): Map<CallNode, DefinedKey[]> {
  const starts = script.calls.filter(
    ({ path, method }) => method === undefined && (path === 'task' || path === 'workflow.define'),
  );
  const chains = new Map<CallNode, DefinedKey[]>(starts.map(({ node }) => [node, []]));
  for (const call of script.calls) addMethod(call, script, chains);
  for (const [start, keys] of chains) chains.set(start, keys.sort(byPosition));
  return chains;
}

function addMethod({ node, method, args }: ScriptCall, script: ScriptFacts, chains: Map<CallNode, DefinedKey[]>): void {
  const { base } = node;
  if (method === undefined || base.type !== 'MemberExpression') return;
  const start = startOfChain(base.base, script);
  if (start !== undefined)
    chains.get(start)?.push({ name: method, key: base.identifier, values: args, form: 'method' });
}

/** The call that a chain of methods begins with, here or where the variable is declared. */
function startOfChain(node: Expression, script: ScriptFacts): CallNode | undefined {
  const value = script.constantOf(node)?.value ?? node;
  if (!isCall(value)) return undefined;
  const { base } = value;
  return base.type === 'MemberExpression' && base.indexer === ':' ? startOfChain(base.base, script) : value;
}

function byPosition(a: DefinedKey, b: DefinedKey): number {
  const [first, second] = [a.key.loc?.start, b.key.loc?.start];
  return (first?.line ?? 0) - (second?.line ?? 0) || (first?.column ?? 0) - (second?.column ?? 0);
}
