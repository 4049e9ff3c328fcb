/**
 * Forms of other programs, and of documentation that never worked (lua-api.md section 3).
 */
import { remark, type Remark } from '../rule.js';
import type { ScriptFacts } from '../script-facts.js';

const define = 'write workflow.define("name", { tasks = { task("a"):command(function() ... end) } })';

const dialects: ReadonlyMap<string, string> = new Map([
  ['group', define],
  ['TaskGroup', define],
  ['TaskGroups', define],
  ['TaskDefinitions', define],
  ['Modern', define],
  ['dsl', define],
  ['pipeline', define],
  ['stage', define],
  ['stages', define],
  ['job', define],
  ['jobs', define],
  ['steps', define],
  ['step', 'write task("name"):command(function() ... end)'],
  ['Task', 'write task("name"):command(function() ... end)'],
  ['Workflow', define],
  ['GitOps', 'write gitops.workflow{ repo = "...", ... }'],
  ['gitops_workflow', 'write gitops.workflow{ repo = "...", ... }'],
  ['application', 'write gitops.workflow{ repo = "...", ... }'],
  ['Application', 'write gitops.workflow{ repo = "...", ... }'],
  ['kustomization', 'write gitops.workflow{ repo = "...", path = "...", render = { type = "kustomize" } }'],
]);

export function deadDialects(script: ScriptFacts): Remark[] {
  const called = new Set(script.calls.map(({ node }) => node.base));
  return script.bindings.globals.flatMap(({ node, kind }) => {
    const advice = dialects.get(node.name);
    const meant = kind === 'write' ? /^Task(Definitions|Groups?)$/.test(node.name) : called.has(node);
    if (advice === undefined || !meant || (kind === 'read' && script.ownGlobals.has(node.name))) return [];
    return [remark(node, `'${node.name}' is not a form of this language`, advice)];
  });
}

/** Tasks that are called with a table, as other programs have it: `task "y" { ... }`. */
export function calledTasks(script: ScriptFacts): Remark[] {
  return script.calls.flatMap(({ node }) => {
    const { base } = node;
    const made = base.type === 'CallExpression' || base.type === 'StringCallExpression';
    if (!made || script.pathOf(base.base) !== 'task') return [];
    return [
      remark(
        node,
        'task "name" { ... } is not a form of this language',
        'write task("name"):command(...), or { name = "name", command = ... } in tasks',
      ),
    ];
  });
}

/** A string of YAML or JSON where a table is meant. */
export function textForTable(script: ScriptFacts): Remark[] {
  return script.calls.flatMap(({ path, args }) => {
    const [first] = args;
    const takesTable =
      path === 'gitops.workflow' || path === 'gitops.create_workflow' || path === 'gitops.register_repository';
    if (!takesTable || first?.type !== 'StringLiteral' || !/[:{]/.test(first.value)) return [];
    const isAddress = /^\S+$/.test(first.value);
    const hint = isAddress
      ? `write ${path}{ repo = "${first.value}" }`
      : `write ${path}(yaml.decode(text)), or a table`;
    return [remark(first, `${path} takes a table, not text`, hint)];
  });
}
