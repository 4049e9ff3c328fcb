/**
 * What the text of a script shows: secrets written out, fields written twice.
 */
import type { TableConstructorExpression } from 'luaparse';
import { findLiteralSecrets } from '../../literal-secrets.js';
import { remark, type Remark } from '../rule.js';
import type { ScriptFacts } from '../script-facts.js';
import { namedFields } from '../table-fields.js';

/** Columns count characters. */
export function literalSecrets({ source }: { readonly source: string }): (Remark & { readonly length: number })[] {
  return findLiteralSecrets(source).map(({ line, column, length, what }) => ({
    line,
    column,
    length,
    message: `${what} is written into the script`,
    hint: 'write secret("name"), "env:NAME" or "file:PATH"',
  }));
}

/** The later one wins. */
export function duplicateFields(script: ScriptFacts): Remark[] {
  const tables = script.nodes.filter(
    (node): node is TableConstructorExpression => node.type === 'TableConstructorExpression',
  );
  return tables.flatMap((table) => {
    const fields = namedFields(table);
    return fields.flatMap(({ name, key }, i) =>
      fields.slice(i + 1).some((later) => later.name === name)
        ? [remark(key, `field '${name}' is written twice: the later one counts`)]
        : [],
    );
  });
}
