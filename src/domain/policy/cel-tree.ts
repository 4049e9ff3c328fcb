/**
 * The tree of a parsed CEL expression: walking it, and the few nodes we put into it ourselves.
 */
import type { parse } from '@bufbuild/cel';

export type Expr = NonNullable<ReturnType<typeof parse>['expr']>;
type Kind<C extends Expr['exprKind']['case']> = Extract<Expr['exprKind'], { case: C }>;
export type Comprehension = Kind<'comprehensionExpr'>['value'];
type Constant = Kind<'constExpr'>['value']['constantKind'];

const id = 0n;

export function constant(constantKind: Constant): Expr {
  const value = { $typeName: 'cel.expr.Constant' as const, constantKind };
  return { $typeName: 'cel.expr.Expr', id, exprKind: { case: 'constExpr', value } };
}

export function call(name: string, target: Expr | undefined, args: Expr[]): Expr {
  const value = { $typeName: 'cel.expr.Expr.Call' as const, function: name, args };
  const exprKind = { case: 'callExpr' as const, value: target === undefined ? value : { ...value, target } };
  return { $typeName: 'cel.expr.Expr', id, exprKind };
}

export function children({ exprKind }: Expr): Expr[] {
  switch (exprKind.case) {
    case 'callExpr':
      return present([exprKind.value.target, ...exprKind.value.args]);
    case 'selectExpr':
      return present([exprKind.value.operand]);
    case 'listExpr':
      return exprKind.value.elements;
    case 'structExpr':
      return exprKind.value.entries.flatMap(({ keyKind, value }) =>
        present([keyKind.case === 'mapKey' ? keyKind.value : undefined, value]),
      );
    case 'comprehensionExpr': {
      const { iterRange, accuInit, loopCondition, loopStep, result } = exprKind.value;
      return present([iterRange, accuInit, loopCondition, loopStep, result]);
    }
    default:
      return [];
  }
}

function present(list: readonly (Expr | undefined)[]): Expr[] {
  return list.filter((expr) => expr !== undefined);
}

/** `a.b.c`, when the expression is nothing but that. */
export function dottedName({ exprKind }: Expr): string | undefined {
  if (exprKind.case === 'identExpr') return exprKind.value.name;
  if (exprKind.case !== 'selectExpr' || exprKind.value.operand === undefined) return undefined;
  const operand = dottedName(exprKind.value.operand);
  return operand === undefined ? undefined : `${operand}.${exprKind.value.field}`;
}
