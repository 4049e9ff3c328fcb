/**
 * The DSL in Lua: `workflow.define`, `task`, and the run of what they defined (lua-api.md section 3). Tasks run one
 * after the other; every wait is a call of the host.
 */
export const taskPrelude = `
local native, shared = ...
local defined = {}

local aliases = { run = "command", condition = "run_if", on_fail = "on_failure" }
-- What has a meaning; everything else is accepted, and named once in a warning.
local known = {}
for _, name in ipairs{"name", "description", "command", "retries", "backoff", "depends_on", "on_success", "on_failure", "on_retry", "on_skip",
  "pre_hook", "post_hook", "run_if", "abort_if", "params", "version", "tasks", "config", "on_start", "on_complete", "on_task_start",
  "on_task_complete", "metadata"} do
  known[name] = true
end
local function without_effect(name) native.warn("'" .. tostring(name) .. "' has no effect in this version") end

-- What a fluent object stands for; the object itself only has methods.
local targets = setmetatable({}, { __mode = "k" })
local function target_of(value) return targets[value] or value end

local function store(target, name, ...)
  local key = aliases[name] or name
  if not known[key] then without_effect(name) end
  if (key == "depends_on" or key == "tasks") and (select("#", ...) > 1 or type((...)) ~= "table" or targets[(...)]) then
    target[key] = { ... }
  elseif key == "retries" then
    target.retries, target.backoff = ...
  else
    target[key] = ...
  end
end

local function fluent(target)
  local object = setmetatable({}, { __index = function(_, name)
    return function(self, ...)
      if name ~= "build" then store(target, name, ...) end
      return self
    end
  end })
  targets[object] = target
  return object
end

function task(name)
  if type(name) ~= "string" then error("bad argument #1 to 'task' (name expected, got " .. type(name) .. ")", 2) end
  return fluent({ name = name })
end
function group() error("group \\"name\\" { ... } is not a form of this language: write workflow.define(\\"name\\", { tasks = { task(\\"a\\"):command(...) } })", 2) end

workflow = {}
function workflow.define(name, spec)
  if type(name) ~= "string" then error("bad argument #1 to 'define' (workflow name expected, got " .. type(name) .. ")", 2) end
  local target = { name = name }
  for key, value in pairs(spec or {}) do store(target, key, value) end
  defined[#defined + 1] = target
  return fluent(target)
end

-- Reading definitions

local function normalise(tasks, into, seen)
  local function add(entry, key)
    if type(entry) ~= "table" then error("a task must be a table or task(...), got " .. type(entry), 0) end
    local t = {}
    for k, v in pairs(target_of(entry)) do
      local name = aliases[k] or k
      if not known[name] and not targets[entry] then without_effect(k) end
      t[name] = v
    end
    t.name = t.name or (type(key) == "string" and key) or error("a task has no name", 0)
    if seen[t.name] then error("two tasks are called '" .. t.name .. "'", 0) end
    seen[t.name] = t
    into[#into + 1] = t
  end
  for _, entry in ipairs(tasks or {}) do add(entry) end
  for key, entry in pairs(tasks or {}) do if type(key) == "string" then add(entry, key) end end
end

local function dependencies(t)
  local wanted = t.depends_on or {}
  if type(wanted) ~= "table" or targets[wanted] then wanted = { wanted } end
  local names = {}
  for i, d in ipairs(wanted) do names[i] = type(d) == "table" and target_of(d).name or d end
  return names
end

local function order(tasks, by_name)
  local sorted, mark, path = {}, {}, {}
  local function visit(t)
    if mark[t.name] == "done" then return end
    path[#path + 1] = t.name
    if mark[t.name] then error("tasks depend on each other in a circle: " .. table.concat(path, " -> "), 0) end
    mark[t.name] = "open"
    for _, name in ipairs(t.needs) do
      if not by_name[name] then error("task '" .. t.name .. "' depends on '" .. tostring(name) .. "', which is not defined", 0) end
      visit(by_name[name])
    end
    path[#path] = nil
    mark[t.name] = "done"
    sorted[#sorted + 1] = t
  end
  for _, t in ipairs(tasks) do t.needs = dependencies(t) end
  for _, t in ipairs(tasks) do visit(t) end
  return sorted
end

-- Running

-- Where the run stands, told to the host: workflow, task, hook, attempt
local here = {}
local function stand(workflow, task, attempt)
  here = { workflow = workflow, task = task, attempt = attempt }
  native.enter(workflow, task, nil, attempt)
end
local function within(name, f, ...)
  native.enter(here.workflow, here.task, name, here.attempt)
  local ok, value = pcall(f, ...)
  native.enter(here.workflow, here.task, nil, here.attempt)
  return ok, value
end

local function joined(a, b) return tostring(a) .. tostring(b) end

-- The name of its first parameter says whether a function of a task wants the task itself in front.
local this_names = { this = true, self = true, t = true }
local function this_of(t)
  local function name() return t.name end
  return { name = setmetatable({}, { __call = name, __tostring = name, __concat = joined }) }
end
local function invoke(t, f, ...)
  if this_names[native.first_parameter(f)] then return f(this_of(t), ...) end
  return f(...)
end

local function guarded(what, f, ...)
  local ok, err = within(what:match("^%S+"), f, ...)
  if not ok then log.error(what .. ": " .. tostring(err)) end
end
local function hook(what, f, ...)
  if type(f) == "function" then guarded(what, f, ...) end
end
local function task_hook(t, what, ...)
  if type(t[what]) == "function" then guarded(what .. " of " .. t.name, invoke, t, t[what], ...) end
end

local function verdict(ok, a, b, c)
  if not ok then
    native.failed(here.workflow, here.task, a)
    return false, native.text(a), {}
  end
  if type(a) == "table" then return a.success ~= false, a.message, a end
  if a == nil and b == nil then
    native.warn("a task returned nothing; it counts as success")
    return true, nil, {}
  end
  local output = type(c) == "table" and c or type(b) == "table" and b or {}
  return a ~= false and a ~= nil, type(b) == "string" and b or nil, output
end

local function holds(t, what)
  local condition = t[what]
  if condition == nil then return nil end
  if type(condition) ~= "function" then error(what .. " as a shell line needs exec, which comes with a later version", 0) end
  return invoke(t, condition, t.given, t.deps) and true or false
end

local error_mt = { __tostring = function(e) return e.message end, __concat = joined }

local function attempt(t)
  task_hook(t, "pre_hook", t.given)
  local success, message, output
  if type(t.command) == "function" then
    success, message, output = verdict(pcall(invoke, t, t.command, t.given, t.deps))
  else
    success, message, output = false, t.command == nil and "the task has no command" or "a shell line needs exec, which comes with a later version", {}
  end
  if success then
    task_hook(t, "on_success", t.given, output)
  else
    task_hook(t, "on_failure", t.given, setmetatable({ error = message or "failed", message = message or "failed", task_name = t.name }, error_mt))
  end
  task_hook(t, "post_hook", t.given)
  return success, message, output
end

local pauses = {
  exponential = function(n) return 2 ^ (n - 1) end,
  linear = function(n) return n end,
  fixed = function() return 1 end,
}

local function with_retries(t)
  local limit = tonumber(t.retries) or 0
  for n = 1, limit + 1 do
    stand(here.workflow, t.name, n)
    local success, message, output = attempt(t)
    if success or n > limit then return success, message, output, n end
    local pause = math.min(60, (pauses[t.backoff or "exponential"] or pauses.exponential)(n))
    task_hook(t, "on_retry", t.given, n)
    native.sleep(pause * 1000, "task " .. t.name .. ": attempt " .. (n + 1) .. " of " .. (limit + 1))
  end
end

local function blocked(t, results)
  for _, name in ipairs(t.needs) do
    if results[name].status ~= "succeeded" then return "'" .. name .. "' " .. results[name].status end
  end
end

local function run_task(t, results)
  local why = blocked(t, results)
  if why then return "skipped", why, {}, 0 end
  local ok, abort = within("abort_if", holds, t, "abort_if")
  if not ok then return "failed", tostring(abort), {}, 0 end
  if abort then return "failed", "abort_if was true", {}, 0 end
  local fine, wanted = within("run_if", holds, t, "run_if")
  if not fine then return "failed", tostring(wanted), {}, 0 end
  if wanted == false then return "skipped", "run_if was false", {}, 0 end
  local success, message, output, attempts = with_retries(t)
  return success and "succeeded" or "failed", message, output, attempts
end

local function given(t, w)
  local params = { task_name = t.name, group_name = w.name }
  for k, v in pairs(native.params) do params[k] = v end
  for k, v in pairs(type(t.params) == "table" and t.params or {}) do params[k] = v end
  return params
end

local function run_one(w, t, results)
  t.given, t.deps = given(t, w), {}
  for _, name in ipairs(t.needs) do t.deps[name] = results[name] and results[name].output end
  stand(w.name, t.name)
  hook("on_task_start", w.on_task_start, t.name)
  local started = native.now()
  local status, message, output, attempts = run_task(t, results)
  local ms = native.now() - started
  stand(w.name, t.name)
  if status == "skipped" then task_hook(t, "on_skip", t.given, message) end
  if output.duration == nil then output.duration = native.duration(ms) end
  results[t.name] = { name = t.name, status = status, success = status == "succeeded", output = output, error = status ~= "succeeded" and message or nil,
    message = message, duration = output.duration, durationMs = ms, attempts = attempts }
  if status ~= "skipped" then hook("on_task_complete", w.on_task_complete, t.name, status == "succeeded", output) end
end

-- A definition as data, for whoever draws it
local workflow_hooks = { "on_start", "on_task_start", "on_task_complete", "on_complete" }
local task_hooks = { "pre_hook", "on_success", "on_failure", "on_timeout", "on_retry", "on_skip", "post_hook" }
local function set_hooks(t, names)
  local set = {}
  for _, name in ipairs(names) do if type(t[name]) == "function" then set[#set + 1] = name end end
  return set
end
local function text(value) if type(value) == "string" or type(value) == "number" then return value end end
local function described(w, tasks)
  local list = {}
  for i, t in ipairs(tasks) do
    list[i] = { name = t.name, description = text(t.description), depends_on = t.needs, retries = tonumber(t.retries) or 0,
      backoff = text(t.backoff), timeout = text(t.timeout), hooks = set_hooks(t, task_hooks) }
  end
  return { name = w.name, description = text(w.description), version = text(w.version), hooks = set_hooks(w, workflow_hooks), tasks = list }
end

local function run_workflow(w)
  local tasks, by_name, results = {}, {}, {}
  normalise(w.tasks, tasks, by_name)
  local sorted = order(tasks, by_name)
  for k in pairs(w.config or {}) do if k ~= "fail_fast" then without_effect("config." .. tostring(k)) end end
  local started, failed = native.now(), nil
  native.define(described(w, sorted))
  stand(w.name)
  hook("on_start", w.on_start)
  for _, t in ipairs(sorted) do
    if failed and (w.config or {}).fail_fast then
      results[t.name] = { name = t.name, status = "skipped", success = false, output = {}, message = "fail_fast", durationMs = 0, attempts = 0 }
    else
      run_one(w, t, results)
    end
    if results[t.name].status == "failed" then failed = failed or t.name end
  end
  stand(w.name)
  hook("on_complete", w.on_complete, failed == nil, results)
  native.enter()
  local listed = {}
  for i, t in ipairs(sorted) do
    local r = results[t.name]
    listed[i] = { name = r.name, status = r.status, attempts = r.attempts, durationMs = r.durationMs, message = r.message, output = native.plain(r.output) }
  end
  local message = failed and ("task '" .. failed .. "' failed: " .. tostring(results[failed].message or "no reason given")) or "all tasks succeeded"
  return { name = w.name, success = failed == nil, message = message, durationMs = native.now() - started, tasks = listed }
end

shared.modules.workflow = workflow
function shared.run()
  local ran = {}
  for i, w in ipairs(defined) do ran[i] = run_workflow(w) end
  return ran
end
`;
