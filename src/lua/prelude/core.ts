/**
 * The first part of the library that is written in Lua, as whatever must be able to wait is: a function in Lua may yield
 * through `pcall` and through coroutines; one written in JavaScript may only be the last to yield.
 *
 * `native` holds the JavaScript functions: `call(name, ...)` is the one that yields to the host. Returns what the later parts
 * share.
 */
import { lua51Names } from './lua51-names.js';
import { protectedCalls } from './protected-calls.js';

export const corePrelude = `
local native = ...
local raw_xpcall = xpcall
local raw_resume, raw_create = coroutine.resume, coroutine.create
local raw_yield, raw_status = coroutine.yield, coroutine.status
local pack, unpack = table.pack, table.unpack
local host_tag = native.tag
error = native.error

${lua51Names}
${protectedCalls}
-- Calls of the host and pauses of the machine pass through the script's own coroutines
local waiting = {}
local function answer(co, ...)
  waiting[co] = nil
  return raw_resume(co, ...)
end
local function through(co, ok, tag, ...)
  if ok and tag == host_tag then
    waiting[co] = true
    return through(co, answer(co, raw_yield(host_tag)))
  end
  return pass(ok, tag, ...)
end
-- The answer of a call is for who made it: no other task goes on with a coroutine that waits for one
local function resume(co, ...)
  if waiting[co] then return false, "cannot resume non-suspended coroutine" end
  return through(co, raw_resume(co, ...))
end
coroutine.resume = resume
function coroutine.yield(...)
  if native.outside() then error("attempt to yield from outside a coroutine", 2) end
  return raw_yield(...)
end
function coroutine.status(co) return waiting[co] and "normal" or raw_status(co) end
function coroutine.wrap(f)
  if type(f) ~= "function" then error("bad argument #1 to 'wrap' (function expected, got " .. type(f) .. ")", 2) end
  local co = raw_create(f)
  local function finish(ok, ...)
    if not ok then native.reraise(co, ...) end
    return ...
  end
  return function(...) return finish(resume(co, ...)) end
end

-- One call of the host: (false, values...) or (true, message to raise)
local function answered(raised, ...)
  if raised then error((...), 0) end
  return ...
end
local function call(name, ...) return answered(native.call(name, ...)) end

native.set_lazy(function(t, handles)
  setmetatable(t, { __index = function(self, field)
    local handle = handles[field]
    if handle == nil then return nil end
    local text = call("artifact.read", handle.digest, handle.path)
    rawset(self, field, text)
    return text
  end })
end)

-- What the later parts of the prelude share: \`call\`, \`modules\` (name -> table, for \`require\`), \`run\` (set by the tasks),
-- \`settle\` (the text of what stands for one, the value itself otherwise; set by exec)
return { call = call, modules = {}, settle = function(value) return value end }
`;
