/**
 * What the rules are told of a script: its tree, what names stand for, and its calls.
 */
import type { Chunk, Expression, FunctionDeclaration, Node, TableConstructorExpression } from 'luaparse';
import { bindingsOf, type Binding, type Bindings } from './bindings.js';
import { argumentsOf, isCall, nodesIn, textOf, type CallNode } from './syntax-tree.js';

export interface ScriptCall {
  readonly node: CallNode;
  /** `gitops.workflow`, when the names lead to a global or a module. */
  readonly path: string | undefined;
  /** `a:method()`. */
  readonly method: string | undefined;
  readonly args: readonly Expression[];
}

/** Files beside the script. */
export interface ScriptFiles {
  /** The text of a file given relative to the script; undefined when there is none. */
  read(path: string): string | undefined;
}

export class ScriptFacts {
  readonly nodes: readonly Node[];
  readonly bindings: Bindings;
  readonly calls: readonly ScriptCall[];
  /** Globals that the script sets by name. */
  readonly ownGlobals: ReadonlySet<string>;

  constructor(
    readonly source: string,
    readonly chunk: Chunk,
    readonly files: ScriptFiles,
  ) {
    this.nodes = nodesIn(chunk);
    this.bindings = bindingsOf(chunk);
    const written = this.bindings.globals.filter(({ kind }) => kind === 'write');
    this.ownGlobals = new Set(written.map(({ node }) => node.name));
    this.calls = this.nodes.filter(isCall).map((node) => this.callOf(node));
  }

  private callOf(node: CallNode): ScriptCall {
    const method = node.base.type === 'MemberExpression' && node.base.indexer === ':';
    return {
      node,
      path: this.pathOf(node.base),
      method: method ? (node.base as { identifier: { name: string } }).identifier.name : undefined,
      args: argumentsOf(node),
    };
  }

  /** The local variable behind a name, when it never changes. */
  constantOf(node: Expression): Binding | undefined {
    const binding = node.type === 'Identifier' ? this.bindings.locals.get(node) : undefined;
    return binding?.reassigned === false ? binding : undefined;
  }

  /** Where names lead: through locals that hold a module, through `require`, through globals that are not the script's own. */
  pathOf(node: Expression): string | undefined {
    if (node.type === 'MemberExpression') return joined(this.pathOf(node.base), node.identifier.name);
    if (node.type === 'IndexExpression') return joined(this.pathOf(node.base), textOf(node.index));
    if (isCall(node)) return this.pathOf(node.base) === 'require' ? textOf(argumentsOf(node)[0]) : undefined;
    if (node.type !== 'Identifier') return undefined;
    if (!this.bindings.locals.has(node)) return this.ownGlobals.has(node.name) ? undefined : node.name;
    const value = this.constantOf(node)?.value;
    return value === undefined || value === node ? undefined : this.pathOf(value);
  }

  /** The table that is written out, here or where the local variable is declared. */
  tableOf(node: Expression | undefined): TableConstructorExpression | undefined {
    const value = node && (this.constantOf(node)?.value ?? node);
    return value?.type === 'TableConstructorExpression' ? value : undefined;
  }

  functionOf(node: Expression | undefined): FunctionDeclaration | undefined {
    const value = node && (this.constantOf(node)?.value ?? node);
    return value?.type === 'FunctionDeclaration' ? value : undefined;
  }
}

function joined(base: string | undefined, field: string | undefined): string | undefined {
  return base === undefined || field === undefined ? undefined : `${base}.${field}`;
}
