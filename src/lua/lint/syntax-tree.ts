/**
 * The syntax tree of a script, as luaparse gives it, and ways around in it.
 */
import type { CallExpression, Expression, Node, StringCallExpression, TableCallExpression } from 'luaparse';

export type CallNode = CallExpression | StringCallExpression | TableCallExpression;

export interface Position {
  readonly line: number;
  /** 1 is the first. */
  readonly column: number;
}

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';
}

/** In the order they are written. */
export function childrenOf(node: Node): Node[] {
  return Object.values(node).flatMap((value: unknown) => (Array.isArray(value) ? value : [value]).filter(isNode));
}

/** Every node, parents first. */
export function nodesIn(root: Node): Node[] {
  const nodes: Node[] = [];
  for (const open = [root]; open.length > 0;) {
    const node = open.pop() as Node;
    nodes.push(node);
    open.push(...childrenOf(node).reverse());
  }
  return nodes;
}

export function isCall(node: Node): node is CallNode {
  return node.type === 'CallExpression' || node.type === 'TableCallExpression' || node.type === 'StringCallExpression';
}

export function argumentsOf(call: CallNode): readonly Expression[] {
  if (call.type === 'CallExpression') return call.arguments;
  return [call.type === 'StringCallExpression' ? call.argument : call.arguments];
}

/** Whether more values than are written may be given: by `...` or a call in the last place. */
export function isOpenEnded(args: readonly Expression[]): boolean {
  const last = args.at(-1);
  return last !== undefined && (last.type === 'VarargLiteral' || isCall(last));
}

export function textOf(node: Node | undefined): string | undefined {
  return node?.type === 'StringLiteral' ? node.value : undefined;
}

export function positionOf(node: Node): Position {
  const { line = 1, column = 0 } = node.loc?.start ?? {};
  return { line, column: column + 1 };
}
