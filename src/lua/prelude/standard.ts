/**
 * The globals every script finds: `gitops`, `log`, `print`, `os`, `io`.
 */
export const standardPrelude = `
local native, shared = ...
local call, modules, pack = shared.call, shared.modules, table.pack

gitops = {}
for _, name in ipairs(native.calls) do
  gitops[name] = function(...) return call("gitops." .. name, ...) end
end

log = {}
local function text_of(...)
  local parts = pack(...)
  for i = 1, parts.n do parts[i] = native.text(shared.settle(parts[i])) end
  return table.concat(parts, "\\t")
end
for _, level in ipairs{"info", "warn", "error", "debug", "success", "print"} do
  log[level] = function(...) native.log(level, text_of(...)) end
end
function log.table(value, title)
  native.log("print", (title and (tostring(title) .. ": ") or "") .. native.text(value))
end
function print(...) native.log("print", text_of(...)) end

os = { time = native.time, date = native.date, clock = native.clock }
function os.difftime(later, earlier) return later - (earlier or 0) end
function os.getenv(name)
  if type(name) ~= "string" then error("bad argument #1 to 'getenv' (name expected, got " .. type(name) .. ")", 2) end
  local value, is_secret = native.getenv(name)
  if is_secret then return shared.reference("env:" .. name) end
  return value
end
io = setmetatable({}, { __index = function(_, name) error("io." .. name .. " is not available in a durable script: use io.open, fs or exec", 2) end })

modules.gitops, modules.log = gitops, log
`;
