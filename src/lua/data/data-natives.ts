/**
 * The JavaScript behind `data`: each gives true and its result, or false and the reason.
 */
import { textsIn } from '../../domain/secret-text.js';
import { textLimitBytes } from '../../domain/text-limits.js';
import { textAt, toData } from '../conversion.js';
import { lua, to_luastring, type LuaState } from '../fengari.js';
import type { Native } from '../number-natives.js';
import type { LuaVm } from '../vm.js';
import { parseJson, writeJson, type Parsed } from './json-text.js';
import { depthLimit, isTooDeep, pushPlain, setNull } from './plain-values.js';
import { parseYaml, writeYaml } from './yaml-text.js';

/** Characters that are read or written in the time of a plain instruction, measured: YAML takes 5 µs each. */
const pace = { json: 40, yaml: 1 / 3 } as const;

export function dataNatives(vm: LuaVm): Record<string, Native> {
  const parsing =
    (format: keyof typeof pace, parse: (text: string) => Parsed): Native =>
    (L) => {
      vm.charge(L, lua.lua_rawlen(L, 1) / pace[format]);
      return answer(L, parse(textAt(L, 1)));
    };
  const writing =
    (format: keyof typeof pace, write: (value: unknown, L: LuaState) => string): Native =>
    (L) => {
      const written = attempt(L, (value) => write(value, L));
      if (written === secretInside) return vm.refuse(L, `bad argument #1 to 'to_${format}' (${secretInside.error})`);
      if (!('error' in written)) vm.charge(L, written.value.length / pace[format]);
      return answer(L, written);
    };
  return {
    parse_json: parsing('json', (text) => (text.length > textLimitBytes ? tooLong : parseJson(text))),
    parse_yaml: parsing('yaml', (text) => oneOf(parseYaml(text))),
    parse_yaml_all: parsing('yaml', parseYaml),
    to_json: writing('json', (value, L) => writeJson(value, lua.lua_tonumber(L, 2))),
    to_yaml: writing('yaml', writeYaml),
    set_null: (L) => {
      setNull(L);
      return 0;
    },
  };
}

const tooLong = { error: `the text is longer than ${textLimitBytes / 1024} KiB` };

export function oneOf(parsed: Parsed): Parsed {
  if ('error' in parsed) return parsed;
  const documents = parsed.value as readonly unknown[];
  if (documents.length < 2) return { value: documents[0] ?? null };
  return { error: `the text holds ${documents.length} documents; data.parse_yaml_all gives them as a list` };
}

/** The text would have its name, which the other side takes for the secret. */
const secretInside = {
  error:
    'a secret is not written into a text: hand the table itself to the call, as json = or body = of a request and payload = of a webhook',
} as const;

function attempt(L: LuaState, write: (value: unknown) => string): { value: string } | { error: string } {
  try {
    const value = toData(L, 1);
    return textsIn(value).length > 0 ? secretInside : { value: write(value) };
  } catch (error) {
    return { error: (error as Error).message };
  }
}

function answer(L: LuaState, parsed: Parsed): number {
  const result =
    'value' in parsed && isTooDeep(parsed.value) ? { error: `nested more than ${depthLimit} deep` } : parsed;
  lua.lua_pushboolean(L, 'value' in result);
  if ('value' in result) pushPlain(L, result.value);
  else lua.lua_pushstring(L, to_luastring(result.error));
  return 2;
}
