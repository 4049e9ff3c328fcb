/**
 * From what a script defined to what runs, in Lua: tasks by name in an order that respects what they wait for. Refuses what
 * cannot run, with the line it was defined in, before anything does.
 */
export const taskReadingPrelude = `
local native, shared = ...
local concat, max = table.concat, math.max
local dsl = shared.dsl

local function refuse(at, text) error(at .. ": " .. text, 0) end

-- Positions of a table in order, then its names as they were written; a hole in it is a variable that was not set.
local function entries(w, tasks)
  local list, count = {}, 0
  if dsl.is_builder(tasks) then return { { entry = tasks } } end
  for key in pairs(tasks) do
    if type(key) == "number" then count = max(count, key) end
  end
  for i = 1, count do
    if tasks[i] == nil then refuse(w.at, "task " .. i .. " of workflow '" .. w.name .. "' is nil: a variable that is not set?") end
    list[#list + 1] = { entry = tasks[i] }
  end
  for key, entry in pairs(tasks) do
    if type(key) == "string" then list[#list + 1] = { entry = entry, key = key } end
  end
  return list
end

local function read_task(w, entry, key)
  if type(entry) ~= "table" then refuse(w.at, "a task must be a table or task(...), got " .. type(entry)) end
  local builder = dsl.is_builder(entry)
  local t = { at = builder and dsl.position_of(entry) or w.at, extra = {}, group = w.name }
  for k, value in pairs(dsl.target_of(entry)) do
    local name = dsl.aliases[k] or k
    if dsl.rules.task[name] then t[name] = value else t.extra[k] = value end
    if not builder then
      local wrong = dsl.misfit("task", name, value)
      if wrong then refuse(t.at, "task '" .. tostring(entry.name or key or "?") .. "': " .. wrong) end
    end
  end
  t.name = t.name or key or refuse(t.at, "a task has no name")
  return t
end

local function read_tasks(w, tasks)
  local list, by_name = {}, {}
  for _, e in ipairs(entries(w, tasks)) do
    local t = read_task(w, e.entry, e.key)
    if by_name[t.name] then refuse(t.at, "two tasks are called '" .. t.name .. "'") end
    by_name[t.name] = t
    list[#list + 1] = t
  end
  return list, by_name
end

local function names_in(value)
  if value == nil then return {} end
  if type(value) ~= "table" or dsl.is_builder(value) or value.name then value = { value } end
  local names, seen = {}, {}
  for _, entry in ipairs(value) do
    local name = type(entry) == "table" and dsl.target_of(entry).name or entry
    if not seen[name] then names[#names + 1] = name end
    seen[name] = true
  end
  return names
end

local function known(t, name, by_name, list)
  if by_name[name] then return by_name[name] end
  local all = {}
  for i, other in ipairs(list) do all[i] = other.name end
  local near = native.nearest(name, all)
  refuse(t.at, "task '" .. t.name .. "' depends on '" .. name .. "', which is not defined" .. (near and (" (did you mean '" .. near .. "'?)") or ""))
end

-- Depth first, in the order of the list: what a task waits for comes before it
local function ordered(list, by_name)
  local sorted, mark, path = {}, {}, {}
  local function circle(t)
    local from = 1
    while path[from] ~= t.name do from = from + 1 end
    path[#path + 1] = t.name
    refuse(t.at, "tasks depend on each other in a circle: " .. concat(path, " -> ", from))
  end
  local function visit(t)
    if mark[t.name] == "done" then return end
    if mark[t.name] then circle(t) end
    mark[t.name] = "open"
    path[#path + 1] = t.name
    for _, waits in ipairs{ t.needs, t.after } do
      for _, name in ipairs(waits) do visit(known(t, name, by_name, list)) end
    end
    path[#path] = nil
    mark[t.name] = "done"
    sorted[#sorted + 1] = t
    t.index = #sorted
  end
  for _, t in ipairs(list) do t.needs, t.after = names_in(t.depends_on), names_in(t.next_if_fail) end
  for _, t in ipairs(list) do visit(t) end
  return sorted
end

local function read_config(w, config)
  for key, value in pairs(config) do
    local wrong = dsl.misfit("config", key, value)
    if wrong then refuse(w.at, "workflow '" .. w.name .. "': config." .. wrong) end
  end
  return config
end

-- What a task has not said of its retries, the policy of its workflow does
local function with_policy(t, policy)
  local p = type(policy) == "table" and policy or { backoff = policy }
  t.limit = t.retries or p.max_attempts and p.max_attempts - 1 or 0
  t.strategy = t.backoff or p.backoff or "exponential"
  t.first_ms = native.parse_duration(p.initial_delay) or 1000
  t.most_ms = native.parse_duration(p.max_delay) or 60000
  t.timeout_ms = native.parse_duration(t.timeout)
end

function dsl.read(defined)
  local w = { name = defined.name, at = dsl.position_of(defined), definition = defined, results = {} }
  w.config = read_config(w, defined.config or {})
  local list, by_name = read_tasks(w, defined.tasks or {})
  w.tasks, w.by_name = ordered(list, by_name), by_name
  for _, t in ipairs(w.tasks) do
    if t.command == nil then refuse(t.at, "task '" .. t.name .. "' has no command") end
    if t.user then native.warn("'user' is ignored: commands run as the user of the worker") end
    with_policy(t, w.config.retry_policy)
  end
  w.timeout_ms = native.parse_duration(w.config.timeout)
  w.fail_fast = w.config.fail_fast == true or w.config.fail_fast == nil and w.config.continue_on_error == false
  return w
end

-- A definition as data, for whoever draws it
local workflow_hooks = { "on_start", "on_task_start", "on_task_complete", "on_complete" }
local task_hooks = { "pre_hook", "on_success", "on_failure", "on_timeout", "on_retry", "on_skip", "post_hook" }
local function set_hooks(t, names)
  local set = {}
  for _, name in ipairs(names) do if t[name] then set[#set + 1] = name end end
  return set
end
function dsl.described(w)
  local list, d = {}, w.definition
  for i, t in ipairs(w.tasks) do
    list[i] = { name = t.name, description = t.description, depends_on = t.needs, retries = t.limit,
      backoff = t.backoff, timeout = t.timeout, hooks = set_hooks(t, task_hooks) }
  end
  return { name = w.name, description = d.description, version = d.version, hooks = set_hooks(d, workflow_hooks), tasks = list }
end
`;
