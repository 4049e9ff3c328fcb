/**
 * What a call of a script may be given, and what a failure of it looks like to the script (lua-api.md section 1).
 */
import type { SchemaName } from '../generated/call-schemas.js';
import type { Data } from '../host.js';

export interface Parameter {
  /** As error messages call it. */
  readonly name: string;
  /** `any` is whatever is data: nil as well. */
  readonly type: 'string' | 'number' | 'table' | 'any';
  readonly optional?: boolean;
  /** References to secrets may stand in it, also inside longer texts. */
  readonly interpolated?: boolean;
  /** A text of nothing but space is refused. */
  readonly filled?: boolean;
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
  /** What the function does, for editors and docs/lua: one or two sentences. */
  readonly describe?: string;
  /** What it gives to the script, one text a value, as after `---@return`: `string? id`, `string? err`. */
  readonly returns?: readonly string[];
}

/** A parameter that may be left out. */
export const optional = (parameter: Parameter): Parameter => ({ ...parameter, optional: true });

/** A parameter that is a table with named fields. */
export const table = (name: string, schema: SchemaName): Parameter => ({ name, type: 'table', schema });
