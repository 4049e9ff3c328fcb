/** Names of the classes that tables with named fields become: `sloth.WorkflowConfig`, `sloth.WorkflowConfig.SyncPolicy`. */
import type { SchemaName } from '../generated/call-schemas.js';

/** Of the table that a call takes: the schema, and what the parameter is called. */
export function className(schema: SchemaName, parameter: string): string {
  const [base, kind] = [pascal(schema), pascal(parameter)];
  return `sloth.${base.endsWith(kind) ? base : base + kind}`;
}

/** Of a table inside another one. */
export function innerClassName(outer: string, field: string): string {
  return `${outer}.${pascal(field)}`;
}

function pascal(text: string): string {
  return text.replace(/(?:^|[^a-zA-Z0-9]+)([a-zA-Z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
