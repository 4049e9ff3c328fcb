/**
 * The part of the library that is written in Lua: whatever must be able to wait. A function in Lua may yield through
 * `pcall` and through coroutines; one written in JavaScript may only be the last to yield.
 *
 * `native` holds the JavaScript functions: `call(name, ...)` is the one that yields to the host.
 */
import { lua51Names } from './lua51-names.js';
import { protectedCalls } from './protected-calls.js';

export const prelude = `
local native = ...
local raw_pcall, raw_xpcall = pcall, xpcall
local raw_resume, raw_create, raw_status = coroutine.resume, coroutine.create, coroutine.status
local raw_yield = coroutine.yield
local pack, unpack = table.pack, table.unpack
local host_tag = native.tag

${lua51Names}
${protectedCalls}
-- Calls of the host pass through the script's own coroutines
local function through(co, ...)
  local values = pack(...)
  while values[1] and values[2] == host_tag do
    values = pack(raw_resume(co, raw_yield(host_tag)))
  end
  return pass(unpack(values, 1, values.n))
end
function coroutine.resume(co, ...) return through(co, raw_resume(co, ...)) end
function coroutine.wrap(f)
  local co = raw_create(f)
  local function finish(ok, ...)
    if not ok then error((...), 0) end
    return ...
  end
  return function(...) return finish(through(co, raw_resume(co, ...))) end
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

gitops = {}
for _, name in ipairs(native.calls) do
  gitops[name] = function(...) return call("gitops." .. name, ...) end
end

log = {}
local function text_of(...)
  local parts = pack(...)
  for i = 1, parts.n do parts[i] = native.text(parts[i]) end
  return table.concat(parts, "\\t")
end
for _, level in ipairs{"info", "warn", "error", "debug", "success", "print"} do
  log[level] = function(...) native.log(level, text_of(...)) end
end
function log.table(value, title)
  native.log("print", (title and (tostring(title) .. ": ") or "") .. native.text(value))
end
function print(...) native.log("print", text_of(...)) end

local secret_mt = { __tostring = function(self) return self.__secret end, __concat = function(a, b) return tostring(a) .. tostring(b) end }
local function reference(text) return setmetatable({ __secret = text }, secret_mt) end
function secret(name)
  if type(name) ~= "string" then error("bad argument #1 to 'secret' (name expected, got " .. type(name) .. ")", 2) end
  return reference("secret:" .. name)
end

os = { time = native.time, date = native.date, clock = native.clock }
function os.difftime(later, earlier) return later - (earlier or 0) end
function os.getenv(name)
  local value, is_secret = native.getenv(name)
  if is_secret then return reference("env:" .. name) end
  return value
end
function os.execute() error("os.execute: use exec.run, which comes with a later version", 2) end
io = setmetatable({}, { __index = function(_, name) error("io." .. name .. " is not available in a durable script: use fs or exec, which come with a later version", 2) end })

local modules = { gitops = gitops, log = log }
function require(name)
  local module = modules[name] or (name == "workflow" and workflow)
  if not module then error("module '" .. tostring(name) .. "' is not available in this version", 2) end
  return module
end
for _, name in ipairs{"exec", "fs", "state", "data", "json", "yaml", "http", "net", "git", "metrics", "notifications", "ai", "pkg", "systemd", "docker", "terraform"} do
  _G[name] = setmetatable({}, { __index = function(_, field)
    error(name .. "." .. tostring(field) .. " is not available in this version", 2)
  end })
end
return call
`;
