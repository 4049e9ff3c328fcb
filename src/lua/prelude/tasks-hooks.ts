/**
 * How functions of tasks and workflows are called, in Lua: with the arguments they ask for, in the time that is left, and so
 * that no error of a hook goes further than the log.
 */
export const taskHooksPrelude = `
local native, shared = ...
local min, max = math.min, math.max
local dsl = shared.dsl

-- What hooks may take once the time of the workflow is up
local grace_ms = 5 * 60 * 1000

local function joined(a, b) return tostring(a) .. tostring(b) end

-- \`this.name\` is text and can be called: so are texts that are the name of a task.
local names = {}
native.set_string_call(function(text)
  if names[text] then return text end
  error(native.position() .. ": attempt to call a string value", 0)
end)

local function workdir_of(path)
  local workdir = { get = function() return path end }
  workdir.ensure = function() return shared.call("fs.mkdir", ".") end
  workdir.exists = function() return shared.call("fs.exists", ".") end
  workdir.cleanup = function() return shared.call("fs.rm_r", ".") end
  workdir.recreate = function()
    local ok, why = shared.call("fs.rm_r", ".")
    if not ok then return ok, why end
    return shared.call("fs.mkdir", ".")
  end
  return setmetatable(workdir, { __tostring = workdir.get, __concat = joined })
end

local function this_of(t)
  names[t.name] = true
  return { name = t.name, workdir = workdir_of(t.folder) }
end

-- The name of its first parameter says whether a function of a task wants the task itself in front.
local this_names = { this = true, self = true, t = true }
function dsl.invoke(t, f, ...)
  if this_names[native.first_parameter(f)] then return f(this_of(t), ...) end
  return f(...)
end

-- Whatever it is, as text
function dsl.said(value)
  local ok, text = pcall(native.text, value)
  return ok and text or "an error that cannot be shown"
end

local error_mt = { __tostring = function(e) return e.message end, __concat = joined }
function dsl.failure(t, message)
  return setmetatable({ error = message, message = message, task_name = t.name }, error_mt)
end

function dsl.overdue(w) return w.deadline and native.now() >= w.deadline end
function dsl.out_of_time(w) return "the workflow's timeout of " .. native.duration(w.timeout_ms) .. " is over" end
local function left(w) return w.deadline and max(0, w.deadline - native.now()) end

-- f(...) in what is left of the time: "done", whether it raised no error, and what it gave; or "timeout", "cancelled"
function dsl.within(w, ms, f, ...)
  local rest = left(w)
  return native.bounded(ms and rest and min(ms, rest) or ms or rest, false, pcall, f, ...)
end

-- The same for what brings things to a known state: neither the end of the time nor a cancellation stops it at once
function dsl.shielded(w, f, ...)
  return native.bounded(left(w) == 0 and grace_ms or nil, true, pcall, f, ...)
end

local ends = { timeout = "it took too long", cancelled = "cancelled" }
local function logged(what, outcome, ok, why)
  native.enter_hook(nil)
  if outcome ~= "done" then native.log("error", what .. ": " .. ends[outcome])
  elseif not ok then native.log("error", what .. ": " .. dsl.said(why)) end
end

-- Hooks that come before something end with the run; those that come after it are shielded.
local before = { on_start = true, on_task_start = true, on_retry = true }
local function run_hook(w, name, what, f, ...)
  native.enter_hook(name)
  local within = before[name] and dsl.within or dsl.shielded
  if before[name] then logged(what, within(w, nil, f, ...)) else logged(what, within(w, f, ...)) end
end

function dsl.hook(w, name, ...)
  local f = w.definition[name]
  if f then run_hook(w, name, name, f, ...) end
end
function dsl.task_hook(w, t, name, ...)
  if t[name] then run_hook(w, name, name .. " of " .. t.name, dsl.invoke, t, t[name], t.given, ...) end
end
-- On the thread of the attempt, whose time it takes
function dsl.pre_hook(t)
  if not t.pre_hook then return end
  native.enter_hook("pre_hook")
  local ok, why = pcall(dsl.invoke, t, t.pre_hook, t.given)
  logged("pre_hook of " .. t.name, "done", ok, why)
end
`;
