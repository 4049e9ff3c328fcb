/**
 * Which local variable each name stands for, and which names are globals: Lua's scopes, followed from top to bottom.
 */
import type { Chunk, Expression, FunctionDeclaration, Identifier, Node, Statement } from 'luaparse';
import { childrenOf } from './syntax-tree.js';

export interface Binding {
  readonly name: string;
  readonly declaration: Identifier;
  /** What it was declared with; absent for parameters and the variables of loops. */
  readonly value?: Expression;
  /** Whether it is given another value later. */
  reassigned: boolean;
}

export interface GlobalUse {
  readonly node: Identifier;
  readonly kind: 'read' | 'write';
  /** What is written. */
  readonly value?: Expression;
}

export interface Bindings {
  readonly locals: ReadonlyMap<Identifier, Binding>;
  readonly globals: readonly GlobalUse[];
}

export function bindingsOf(chunk: Chunk): Bindings {
  const resolver = new Resolver();
  resolver.block(chunk.body);
  return resolver;
}

class Resolver implements Bindings {
  readonly locals = new Map<Identifier, Binding>();
  readonly globals: GlobalUse[] = [];
  private scopes: Map<string, Binding>[] = [];

  block(body: readonly Statement[], inside?: () => void, after?: () => void): void {
    this.scopes.push(new Map());
    inside?.();
    body.forEach((statement) => this.visit(statement));
    after?.();
    this.scopes.pop();
  }

  private declare(declaration: Identifier, value?: Expression): void {
    const binding = { name: declaration.name, declaration, ...(value && { value }), reassigned: false };
    this.scopes.at(-1)?.set(declaration.name, binding);
    this.locals.set(declaration, binding);
  }

  private find(name: string): Binding | undefined {
    return this.scopes.findLast((scope) => scope.has(name))?.get(name);
  }

  private read(node: Identifier): void {
    const binding = this.find(node.name);
    if (binding === undefined) this.globals.push({ node, kind: 'read' });
    else this.locals.set(node, binding);
  }

  private write(node: Identifier, value?: Expression): void {
    const binding = this.find(node.name);
    if (binding === undefined) this.globals.push({ node, kind: 'write', ...(value && { value }) });
    else {
      binding.reassigned = true;
      this.locals.set(node, binding);
    }
  }

  private visit(node: Node): void {
    const special = this.visitors[node.type] as ((node: Node) => void) | undefined;
    if (special === undefined) childrenOf(node).forEach((child) => this.visit(child));
    else special(node);
  }

  private function({ identifier, isLocal, parameters, body }: FunctionDeclaration, node: FunctionDeclaration): void {
    if (identifier?.type === 'Identifier' && isLocal) this.declare(identifier, node);
    else if (identifier?.type === 'Identifier') this.write(identifier, node);
    else if (identifier !== null) this.visit(identifier);
    const method = identifier?.type === 'MemberExpression' && identifier.indexer === ':';
    this.block(body, () => {
      if (method) this.declare({ type: 'Identifier', name: 'self' });
      parameters.forEach((parameter) => parameter.type === 'Identifier' && this.declare(parameter));
    });
  }

  private readonly visitors: { readonly [T in Node['type']]?: (node: Extract<Node, { type: T }>) => void } = {
    Identifier: (node) => this.read(node),
    MemberExpression: ({ base }) => this.visit(base),
    TableKeyString: ({ value }) => this.visit(value),
    LabelStatement: () => undefined,
    GotoStatement: () => undefined,
    FunctionDeclaration: (node) => this.function(node, node),
    LocalStatement: ({ variables, init }) => {
      init.forEach((value) => this.visit(value));
      variables.forEach((variable, i) => this.declare(variable, init[i]));
    },
    AssignmentStatement: ({ variables, init }) => {
      init.forEach((value) => this.visit(value));
      variables.forEach((target, i) =>
        target.type === 'Identifier' ? this.write(target, init[i]) : this.visit(target),
      );
    },
    DoStatement: ({ body }) => this.block(body),
    WhileStatement: ({ condition, body }) => {
      this.visit(condition);
      this.block(body);
    },
    RepeatStatement: ({ condition, body }) => this.block(body, undefined, () => this.visit(condition)),
    IfClause: ({ condition, body }) => {
      this.visit(condition);
      this.block(body);
    },
    ElseifClause: ({ condition, body }) => {
      this.visit(condition);
      this.block(body);
    },
    ElseClause: ({ body }) => this.block(body),
    ForNumericStatement: ({ variable, start, end, step, body }) => {
      [start, end, ...(step === null ? [] : [step])].forEach((value) => this.visit(value));
      this.block(body, () => this.declare(variable));
    },
    ForGenericStatement: ({ variables, iterators, body }) => {
      iterators.forEach((value) => this.visit(value));
      this.block(body, () => variables.forEach((variable) => this.declare(variable)));
    },
  };
}
