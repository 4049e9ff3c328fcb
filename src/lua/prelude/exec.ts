/**
 * `exec`: shell lines as steps. A result is a table that also behaves as what the command wrote: its methods, `..`, `#`,
 * `tostring`, `print`. Long output is fetched when it is first read, so all of that is in Lua, where waiting is allowed.
 */
export const execPrelude = `
local native, shared = ...
local exec = {}
shared.modules.exec, _G.exec = exec, exec

local raw_tostring, raw_format = tostring, string.format
local function is_result(value)
  if type(value) ~= "table" then return false end
  local mt = getmetatable(value)
  return type(mt) == "table" and mt.__result == true
end
local function settle(value)
  if is_result(value) then return value.stdout end
  return value
end
shared.settle = settle
function tostring(...)
  if is_result((...)) then return (...).stdout end
  return raw_tostring(...)
end
function string.format(pattern, ...)
  local args, count = { ... }, select("#", ...)
  for i = 1, count do args[i] = settle(args[i]) end
  return raw_format(settle(pattern), table.unpack(args, 1, count))
end

local aliases = { output = "stdout" }
local function joined(a, b) return raw_tostring(settle(a)) .. raw_tostring(settle(b)) end
local function size(self) return #self.stdout end
local function same(a, b) return rawequal(a, b) end

-- From what the step answered, whose long texts are fetched when they are read
local function result_of(answer)
  local result = {}
  for key, value in pairs(answer) do result[key] = value end
  result.output = result.stdout
  result.success = answer.exit_code == 0
  local function index(self, key)
    local name = aliases[key] or key
    local text = (name == "stdout" or name == "stderr") and answer[name] or nil
    if text ~= nil then
      rawset(self, key, text)
      return text
    end
    local method = string[key]
    if method == nil then return nil end
    return function(first, ...) return method(settle(first), ...) end
  end
  return setmetatable(result, { __index = index, __concat = joined, __len = size, __eq = same, __result = true,
    __tostring = function(self) return self.stdout end })
end

function exec.run(command, options)
  if type(options) == "table" and is_result(options.stdin) then
    local copy = {}
    for key, value in pairs(options) do copy[key] = settle(value) end
    options = copy
  end
  local answer, why = shared.call("exec.run", settle(command), options)
  if not answer then return nil, why, true end
  local result = result_of(answer)
  if result.success then return result, nil, false end
  return result, result.stderr, true
end
exec.command = exec.run

-- The status as Lua 5.1 gives it, a number that is 0 on success; then the values of Lua 5.3
function os.execute(command)
  if command == nil then return 1 end
  local result, why = exec.run(command)
  if not result then
    native.log("error", why)
    return 127, "exit", 127
  end
  for _, text in ipairs{ result.stdout, result.stderr } do
    if text ~= "" then native.log("print", (text:gsub("\\n$", ""))) end
  end
  local code = result.exit_code
  return code, code >= 0 and "exit" or "signal", code
end
`;
