import { describe, expect, it } from '@jest/globals';
import { fileReferences } from '../../src/lua/file-references.js';
import { normalPath } from '../../src/lua/script-files.js';

describe('files a script names', () => {
  it.each([
    ['a call with brackets', 'local x = import("a.lua")', ['import a.lua 1']],
    ['a call without', "\nlocal x = require 'lib.a'", ['require lib.a 2']],
    ['several in a line', 'dofile("a.lua") loadfile("b.lua")', ['dofile a.lua 1', 'loadfile b.lua 1']],
    ['not in comments', '-- import("a.lua")\n--[[ import("b.lua") ]] --[==[ \n dofile("c") ]==]', []],
    ['not in texts', 'print("import(\'a.lua\')", [[ require("b") ]])', []],
    ['not methods of others', 'x.require("a") y:import("b") function import("c") end', []],
    ['only what is written out', 'import(name) require("a" .. b) dofile("a" .. b)', []],
  ])('%s', (_title, source, found) =>
    expect(fileReferences(source).map(({ call, name, line }) => `${call} ${name} ${line}`)).toEqual(found),
  );
});

describe('paths', () => {
  it.each([
    ['lib/a.lua', 'lib/a.lua'],
    ['./lib/../a.lua', 'a.lua'],
    ['../a.lua', undefined],
    ['/etc/passwd', undefined],
    ['..\\a.lua', undefined],
  ])('%s', (path, wanted) => expect(normalPath(path)).toBe(wanted));
});
