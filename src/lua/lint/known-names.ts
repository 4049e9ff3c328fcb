/**
 * The names a script may use: the language's own, those of Lua's library that are there, and what becomes of others.
 */
import { modulesByName } from '../reference/modules.js';

/** Lua's library, with the names of 5.1 that are kept. */
export const standardLibrary: Readonly<Record<string, readonly string[]>> = {
  string: words('byte char find format gfind gmatch gsub len lower match pack packsize rep reverse sub unpack upper'),
  table: words('concat foreach foreachi getn insert maxn move pack remove sort unpack'),
  math: words(
    'abs acos asin atan ceil cos deg exp floor fmod frexp huge ldexp log log10 max maxinteger min mininteger mod modf pi pow rad random randomseed sin sqrt tan tointeger type ult',
  ),
  coroutine: words('create isyieldable resume running status wrap yield'),
  debug: words('traceback'),
  utf8: words('char charpattern codepoint codes len offset'),
};

export const standardFunctions: readonly string[] = words(
  '_G _VERSION assert collectgarbage error gcinfo getmetatable ipairs load loadstring next pairs pcall print rawequal rawget rawlen rawset require select setmetatable tonumber tostring type unpack xpcall',
);

export const ownGlobals: readonly string[] = words('task workflow values secret import dofile loadfile');

/** Modules of Sloth Runner that manage hosts, or that nobody can keep a promise about. */
export const unavailableModules: ReadonlySet<string> = new Set(
  words(
    'ai pkg systemd incus lxc docker terraform pulumi salt aws azure gcp digitalocean infra_test goroutine stow sysadmin file_ops',
  ),
);

export const knownGlobals: readonly string[] = [
  ...modulesByName.keys(),
  ...Object.keys(standardLibrary),
  ...standardFunctions,
  ...ownGlobals,
];

/** Functions of a module that scripts may name: `gitops`, `string`, `workflow`. */
export function functionsOf(module: string): readonly string[] | undefined {
  if (module === 'workflow') return ['define'];
  const entry = modulesByName.get(module);
  return entry === undefined
    ? standardLibrary[module]
    : [...Object.keys(entry.functions), ...Object.keys(entry.values ?? {})];
}

function words(text: string): string[] {
  return text.split(' ');
}
