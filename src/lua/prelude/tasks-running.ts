/**
 * One task from its conditions to its result, in Lua: abort_if, run_if, then per attempt pre_hook, command, on_success or
 * on_failure, post_hook.
 */
export const taskRunningPrelude = `
local native, shared = ...
local concat, min = table.concat, math.min
local dsl = shared.dsl

local function shell(line)
  local result, why = shared.modules.exec.run(line)
  if not result then return false, why end
  if result.success then return true, nil, result end
  local text = type(why) == "string" and why:match("^%s*(.-)%s*$") or ""
  return false, text ~= "" and text or ("exit code " .. tostring(result.exit_code)), result
end

-- Of what a command gave: success, message, output
local function verdict(w, t, ok, a, b, c)
  if not ok then
    native.failed(w.name, t.name, a)
    return false, dsl.said(a), {}
  end
  if type(a) == "table" then
    local message = a.message
    if message == nil then message = b end
    return a.success ~= false, type(message) == "string" and message or nil, a
  end
  if a == nil and b == nil then
    native.warn("a task returned nothing; it counts as success")
    return true, nil, {}
  end
  if a ~= nil and type(a) ~= "boolean" and type(a) ~= "string" then
    return false, "the command returned a " .. type(a) .. "; it may return true, false or a table", {}
  end
  local output = type(c) == "table" and c or type(b) == "table" and b or {}
  return a ~= false and a ~= nil, type(b) == "string" and b or nil, output
end

local function body(t)
  dsl.pre_hook(t)
  if type(t.command) == "string" then return shell(t.command) end
  return dsl.invoke(t, t.command, t.given, t.deps)
end

local overdue, out_of_time = dsl.overdue, dsl.out_of_time

-- "done" and the verdict, or why it ended early and what to say of that
local function judged(w, t, outcome, ...)
  native.enter_hook(nil)
  if outcome == "done" then return outcome, verdict(w, t, ...) end
  if outcome == "cancelled" then return outcome, false, "cancelled", {} end
  return outcome, false, overdue(w) and out_of_time(w) or ("timed out after " .. native.duration(t.timeout_ms)), {}
end

local function attempt(w, t)
  local outcome, success, message, output = judged(w, t, dsl.within(w, t.timeout_ms, body, t))
  if success then
    dsl.task_hook(w, t, "on_success", output)
  else
    local err = dsl.failure(t, message or "failed")
    if outcome == "timeout" then dsl.task_hook(w, t, "on_timeout", err) end
    dsl.task_hook(w, t, "on_failure", err)
  end
  dsl.task_hook(w, t, "post_hook", output)
  return success, message, output
end

local growth = {
  exponential = function(n) return 2 ^ (n - 1) end,
  linear = function(n) return n end,
  fixed = function() return 1 end,
}

-- Whether the next attempt may begin
local function pause(w, t, n, message)
  if native.cancelled() or overdue(w) then return false end
  dsl.task_hook(w, t, "on_retry", n, dsl.failure(t, message or "failed"))
  local ms = min(t.most_ms, t.first_ms * growth[t.strategy](n))
  local why = "task " .. t.name .. ": attempt " .. (n + 1) .. " of " .. (t.limit + 1)
  return dsl.within(w, nil, native.sleep, ms, why) == "done" and not native.cancelled()
end

local function with_retries(w, t)
  local n = 1
  while true do
    native.stand(w.name, t.name, n)
    local success, message, output = attempt(w, t)
    if success or n > t.limit or not pause(w, t, n, message) then return success, message, output, n end
    n = n + 1
  end
end

-- Conditions: a function, or a shell line that ends with 0. Gives whether it holds, or nil and why nobody can say.
local function holds(w, t, what)
  local condition = t[what]
  if condition == nil then return nil end
  native.enter_hook(what)
  local outcome, ok, value
  if type(condition) == "function" then outcome, ok, value = dsl.within(w, t.timeout_ms, dsl.invoke, t, condition, t.given, t.deps)
  else outcome, ok, value = dsl.within(w, t.timeout_ms, shell, condition) end
  native.enter_hook(nil)
  if outcome == "cancelled" then return nil, "cancelled" end
  if outcome == "timeout" then return nil, what .. ": " .. (overdue(w) and out_of_time(w) or "it took too long") end
  if not ok then return nil, dsl.said(value) end
  return value and true or false
end

local function blocked(w, t)
  if native.cancelled() then return "the run was cancelled" end
  if overdue(w) then
    w.over = out_of_time(w)
    return w.over
  end
  if w.stopped then return w.stopped end
  for _, name in ipairs(t.needs) do
    if w.results[name].status ~= "succeeded" then return "'" .. name .. "' " .. w.results[name].status end
  end
  if #t.after == 0 then return nil end
  for _, name in ipairs(t.after) do if w.results[name].status == "failed" then return nil end end
  return "'" .. concat(t.after, "', '") .. "' did not fail"
end

local function perform(w, t)
  native.set_task{ name = t.name, workdir = t.asked_folder, env = dsl.environment_of(t) }
  local abort, why = holds(w, t, "abort_if")
  if why or abort then return "failed", why or "abort_if was true", {}, 0 end
  local wanted, unsure = holds(w, t, "run_if")
  if unsure then return "failed", unsure, {}, 0 end
  if wanted == false then return "skipped", "run_if was false", {}, 0 end
  local queue, wrong = dsl.queue_of(w, t)
  if wrong then return "failed", wrong, {}, 0 end
  native.set_task{ name = t.name, workdir = t.asked_folder, env = dsl.environment_of(t), delegateTo = queue }
  if t.consumes then
    local ok, missing = dsl.workspace(w, false, "deliver", { task = t.name, globs = dsl.listed(t.consumes), from = dsl.producers(w, t) })
    if not ok then return "failed", missing, {}, 0 end
  end
  local success, message, output, attempts = with_retries(w, t)
  if success and t.artifacts then
    local ok, missing = dsl.workspace(w, false, "collect", { task = t.name, globs = dsl.listed(t.artifacts) })
    if not ok then success, message = false, missing end
  end
  return success and "succeeded" or "failed", message, output, attempts
end

-- Of what a task gave, for one that depends on it: what it changes there is its own. Secrets cannot be changed.
local function copy_of(value, seen)
  if type(value) ~= "table" or shared.is_secret(value) then return value end
  if not seen[value] then
    local copy = {}
    seen[value] = copy
    for k, v in next, value do rawset(copy, k, copy_of(v, seen)) end
    native.like(copy, value)
  end
  return seen[value]
end

local function given(t)
  local params = { task_name = t.name, group_name = t.group, workdir = t.folder }
  for k, v in pairs(native.params) do params[k] = v end
  for k, v in pairs(t.params or {}) do params[k] = v end
  return params
end

local function record(w, t, status, message, output, attempts, ms)
  if output.duration == nil then output.duration = native.duration(ms) end
  w.results[t.name] = { name = t.name, status = status, success = status == "succeeded", output = output,
    error = status ~= "succeeded" and message or nil, message = message, duration = native.duration(ms), durationMs = ms, attempts = attempts }
end

function dsl.run_task(w, t)
  t.asked_folder = t.workdir or w.config.workdir
  t.folder = t.asked_folder or "."
  t.given, t.deps = given(t), {}
  for _, waits in ipairs{ t.needs, t.after } do
    for _, name in ipairs(waits) do t.deps[name] = copy_of(w.results[name].output, {}) end
  end
  native.stand(w.name, t.name)
  local started = native.now()
  local status, message, output, attempts
  local skipped = blocked(w, t) or dsl.questioned(w, t)
  if skipped then
    status, message, output, attempts = "skipped", skipped, {}, 0
  else
    dsl.hook(w, "on_task_start", t.name)
    status, message, output, attempts = perform(w, t)
    native.stand(w.name, t.name)
    if native.used("exec") or native.used("fs") or native.used("git") then dsl.workspace(w, true, "save", { task = t.name }) end
  end
  record(w, t, status, message, output, attempts, native.now() - started)
  if status == "skipped" then dsl.task_hook(w, t, "on_skip", message)
  else dsl.hook(w, "on_task_complete", t.name, status == "succeeded", output) end
end
`;
