/**
 * The language as data: what editors complete, what docs/lua shows and what `validate` checks. Types are written as
 * lua-language-server reads them (LuaCATS).
 */
import type { SchemaName } from '../generated/call-schemas.js';

export interface ParameterEntry {
  readonly name: string;
  readonly type: string;
  readonly optional: boolean;
  readonly describe: string;
  /** Of a table with named fields. */
  readonly schema?: SchemaName;
}

export interface FunctionEntry {
  readonly parameters: readonly ParameterEntry[];
  /** One text a value, as after `---@return`. */
  readonly returns: readonly string[];
  readonly describe: string;
  /** Whether it is a step: a host is asked, and Lua must be able to wait. */
  readonly durable: boolean;
}

export interface ModuleEntry {
  readonly name: string;
  readonly describe: string;
  /** Other names of the same functions. */
  readonly aliases?: readonly string[];
  /** What is no function: `type text` by name. */
  readonly values?: Readonly<Record<string, string>>;
  readonly functions: Readonly<Record<string, FunctionEntry>>;
}

/** A module as it is written down: `durable` holds for all its functions unless one says otherwise. */
export interface ModuleText extends Omit<ModuleEntry, 'functions'> {
  readonly durable: boolean;
  /** Functions that take more forms than the row behind them: what is written here holds; `true` for all. */
  readonly adapted?: true | readonly string[];
  readonly functions: Readonly<Record<string, FunctionText>>;
}

/** `[parameters, returns, describe]`; a parameter is written `name type text`, or `name? type text` when it may be absent. */
export type FunctionText = readonly [
  parameters: readonly string[],
  returns: readonly string[],
  describe: string,
  durable?: boolean,
];

export function parameterOf(text: string): ParameterEntry {
  const [, name = '', mark, rest = ''] = /^([\w.]+)(\?)? (.+)$/.exec(text) ?? [];
  const type = typeAtStart(rest);
  return { name, type, optional: mark === '?' || name === '...', describe: rest.slice(type.length).trim() };
}

/** A type may hold blanks inside brackets, and after a colon or comma. */
export function typeAtStart(text: string): string {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i] ?? '';
    if ('(<{['.includes(c)) depth++;
    if (')>}]'.includes(c)) depth--;
    if (c === ' ' && depth === 0 && !':,'.includes(text[i - 1] ?? '')) return text.slice(0, i);
  }
  return text;
}

export function functionOf([parameters, returns, describe, own]: FunctionText, durable: boolean): FunctionEntry {
  return { parameters: parameters.map(parameterOf), returns, describe, durable: own ?? durable };
}
