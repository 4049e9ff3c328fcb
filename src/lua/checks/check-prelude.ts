/**
 * The library of a check: what the scripts that Argo CD ships rely on (gopher-lua, a Lua 5.1 with `json`), and nothing
 * that waits or reaches the host: of `os` the time, `print` says nothing.
 * https://github.com/argoproj/argo-cd/blob/master/util/lua/lua.go
 */
import { lua51Names } from '../prelude/lua51-names.js';
import { protectedCalls } from '../prelude/protected-calls.js';

export const checkPrelude = `
local native = ...
local raw_xpcall, unpack = xpcall, table.unpack

${lua51Names}
${protectedCalls}
-- Its resume would have to pass the budget on; no check needs it
coroutine = nil

-- Lists first and in their order, as gopher-lua has it: Fengari walks { "a", "b" } from its end
local raw_pairs, next, rawget = pairs, next, rawget
function pairs(t)
  if type(t) ~= "table" or rawget(t, 1) == nil then return raw_pairs(t) end
  local i, n, key, value = 0, #t, nil, nil
  return function()
    while i < n do
      i = i + 1
      if rawget(t, i) ~= nil then return i, rawget(t, i) end
    end
    repeat
      key, value = next(t, key)
    until type(key) ~= "number" or key < 1 or key > n or key % 1 ~= 0
    return key, value
  end
end

os = { time = native.time, date = native.date, clock = native.clock }
function os.difftime(later, earlier) return later - (earlier or 0) end
function os.getenv() end
function print() end

local json = { decode = native.decode, encode = native.encode }
local modules = { os = os, string = string, table = table, math = math, json = json }
function require(name)
  return modules[name] or error("module '" .. tostring(name) .. "' is not available to a check", 2)
end
`;

/** Runs after \`number-format.ts\`. Go's formatter is behind \`%q\` and knows \`%v\`. */
export const checkFormatPrelude = `
local native = ...
local format = string.format
function string.format(pattern, ...)
  if type(pattern) ~= "string" or not pattern:find("%%[qv]") then return format(pattern, ...) end
  local args, count, n = { ... }, select("#", ...), 0
  local changed = pattern:gsub("%%([-+ #0]*%d*%.?%d*)(.)", function(flags, kind)
    if kind == "%" then return nil end
    n = n + 1
    if kind == "q" then args[n] = native.quote(tostring(args[n])) end
    if kind == "v" then args[n] = tostring(args[n]) end
    if kind == "q" or kind == "v" then return "%" .. flags .. "s" end
  end)
  return format(changed, unpack(args, 1, count))
end
`;
