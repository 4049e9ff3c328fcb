/**
 * The fields of a table as it is written, and what a literal is worth.
 */
import type { Expression, Node, TableConstructorExpression } from 'luaparse';
import { textOf } from './syntax-tree.js';

export interface TableField {
  readonly name: string;
  readonly key: Node;
  readonly value: Expression;
}

export function namedFields({ fields }: TableConstructorExpression): TableField[] {
  return fields.flatMap((field) => {
    if (field.type === 'TableKeyString') return [{ name: field.key.name, key: field.key, value: field.value }];
    const name = field.type === 'TableKey' ? textOf(field.key) : undefined;
    return name === undefined ? [] : [{ name, key: (field as { key: Node }).key, value: field.value }];
  });
}

/** Those without a name. */
export function listedValues({ fields }: TableConstructorExpression): Expression[] {
  return fields.flatMap((field) => (field.type === 'TableValue' ? [field.value] : []));
}

/** Whether every key is written out. */
export function hasKnownKeys(table: TableConstructorExpression): boolean {
  return table.fields.every((field) => field.type !== 'TableKey' || textOf(field.key) !== undefined);
}

/** Lua's name of the type, where the expression tells it. */
export function typeOf(node: Expression): string | undefined {
  return literalTypes[node.type];
}

const literalTypes: Partial<Record<Node['type'], string>> = {
  StringLiteral: 'string',
  NumericLiteral: 'number',
  BooleanLiteral: 'boolean',
  NilLiteral: 'nil',
  TableConstructorExpression: 'table',
  FunctionDeclaration: 'function',
};
