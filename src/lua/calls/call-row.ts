/**
 * What a call of a script may be given, and what a failure of it looks like to the script (lua-api.md section 1).
 */
import type { SchemaName } from '../generated/call-schemas.js';
import type { Data } from '../host.js';

export interface Parameter {
  /** As error messages call it. */
  readonly name: string;
  readonly type: 'string' | 'number' | 'table';
  readonly optional?: boolean;
  /** Fields of a table. */
  readonly schema?: SchemaName;
}

export interface CallRow {
  readonly parameters: readonly Parameter[];
  /** How the script sees a failure; `outage` raises all but an unknown application. */
  readonly failure: 'nil' | 'false' | 'outage';
  /** Literal secrets anywhere in the arguments are refused before they become part of a history. */
  readonly secrets?: 'refused';
  readonly summary: (args: readonly Data[]) => string;
  readonly before?: string;
  readonly after?: string;
}

/** A parameter that may be left out. */
export const optional = (parameter: Parameter): Parameter => ({ ...parameter, optional: true });

/** A parameter that is a table with named fields. */
export const table = (name: string, schema: SchemaName): Parameter => ({ name, type: 'table', schema });
