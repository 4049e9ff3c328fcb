/**
 * Everything a script can reach from its globals, pinned: a name that is not in the list is a hole, or needs a line here.
 * Walked in Lua itself: tables and metatables that a script can read.
 */
import { expect, it } from '@jest/globals';
import { runLua } from '../scripted-host.js';

const walk = `
local seen, names = {}, {}
local function walk(value, path)
  if type(value) == "userdata" or type(value) == "thread" then names[#names + 1] = path .. " " .. type(value) end
  if type(value) == "function" then names[#names + 1] = path end
  if type(value) ~= "table" or seen[value] then return end
  seen[value] = true
  for k, v in next, value do
    walk(k, path .. ".[key]")
    walk(v, path == "" and tostring(k) or path .. "." .. tostring(k))
  end
  local meta = getmetatable(value)
  if type(meta) == "table" then walk(meta, path .. ".(metatable)") end
end
walk(_G, "")
table.sort(names)
for _, name in ipairs(names) do print(name) end`;

const plain: Readonly<Record<string, string>> = {
  '': 'assert error getmetatable ipairs load loadstring next pairs pcall print rawequal rawget rawlen rawset require secret select setmetatable tonumber tostring type unpack xpcall collectgarbage gcinfo getfenv setfenv module newproxy dofile loadfile import',
  coroutine: 'create isyieldable resume running status wrap yield',
  debug: 'traceback',
  string: 'byte char find format gfind gmatch gsub len lower match pack packsize rep reverse sub unpack upper',
  table: 'concat foreach foreachi getn insert maxn move pack remove sort unpack',
  utf8: 'char codepoint codes len offset',
  math: 'abs acos asin atan ceil cos cosh deg exp floor fmod frexp ldexp log log10 max min mod modf pow rad random randomseed sin sinh sqrt tan tanh tointeger type ult',
  os: 'clock date difftime execute getenv time exit remove rename tmpname',
};

it('the reachable globals of Lua are these', async () => {
  const { lines } = await runLua(walk);
  const wanted = new Set(
    Object.entries(plain).flatMap(([table, names]) =>
      names.split(' ').map((name) => (table ? `${table}.${name}` : name)),
    ),
  );
  const own = Object.keys(plain).filter((name) => name !== '');
  const ofLua = lines.filter((line) => !line.includes('.') || own.some((name) => line.startsWith(`${name}.`)));
  expect(ofLua.filter((line) => !wanted.has(line) && !/^(task|group)$/.test(line))).toEqual([]);
  expect(lines.filter((line) => / (userdata|thread)$/.test(line))).toEqual([]);
});

it('tables of globals are Lua or ours', async () => {
  const { lines } = await runLua(
    'local n = {} for k, v in pairs(_G) do if type(v) == "table" then n[#n + 1] = k end end table.sort(n) print(table.concat(n, " "))',
  );
  const known =
    '_G ai coroutine data debug docker exec fs git gitops http io json log math metrics net notification notifications os pkg state string systemd table terraform utf8 values workflow yaml incus aws azure digitalocean gcp goroutine pulumi salt stow';
  expect(lines[0]?.split(' ').filter((name) => !known.split(' ').includes(name))).toEqual([]);
});
