/**
 * What the keys of tasks, workflows and `config` may hold: one rule a key. A rule gives nothing for a value that fits, and else
 * what is expected. Keys without a rule are accepted, kept, and named once in a warning.
 */
export const taskRulesPrelude = `
local native, shared = ...
local concat, max = table.concat, math.max
local dsl = {}
shared.dsl = dsl

local longest = 30 * 24 * 3600 * 1000

local function kind(name, expected)
  return function(value) if type(value) ~= name then return expected or ("a " .. name) end end
end
local text, fn, flag, fields = kind("string", "text"), kind("function"), kind("boolean", "true or false"), kind("table")
local function label(value)
  if type(value) ~= "string" and type(value) ~= "number" then return "text" end
end
local function code(value)
  if type(value) ~= "function" and type(value) ~= "string" then return "a function or a shell line" end
end
local function duration(value)
  local ms = native.parse_duration(value)
  if not ms or ms <= 0 then return 'a duration such as "5m" or a number of seconds' end
  if ms > longest then return "a duration of at most 30 days" end
end
local function whole(least, most)
  return function(value)
    if type(value) ~= "number" or value % 1 ~= 0 or value < least or value > most then
      return "a whole number from " .. least .. " to " .. most
    end
  end
end
local function one_of(...)
  local words = { ... }
  return function(value)
    for _, word in ipairs(words) do if value == word then return end end
    return '"' .. concat(words, '", "') .. '"'
  end
end

-- A value, or a list of them
local function several(fits, expected)
  return function(value)
    if fits(value) then return end
    if type(value) ~= "table" then return expected end
    local count = 0
    for key, entry in pairs(value) do
      if type(key) ~= "number" or not fits(entry) then return expected end
      count = max(count, key)
    end
    if count ~= #value then return expected .. " without nil in it" end
  end
end
local function is_text(value) return type(value) == "string" end
local function is_task(value) return is_text(value) or dsl.is_builder(value) or (type(value) == "table" and is_text(value.name)) end
local names, globs = several(is_task, "the name of a task, a task, or a list of them"), several(is_text, "text or a list of texts")

local function environment(value)
  if type(value) ~= "table" then return "a table of texts by name" end
  for name, entry in pairs(value) do
    local plain = type(entry) == "string" or type(entry) == "number" or type(entry) == "boolean" or shared.is_secret(entry)
    if type(name) ~= "string" or not plain then return "a table of texts by name" end
  end
end
local function queue(value)
  if type(value) ~= "string" and type(value) ~= "function" and type(value) ~= "table" then return "the name of a task queue, or a function that gives it" end
end
local backoff = one_of("exponential", "linear", "fixed")
local function policy(value)
  if type(value) == "string" then return backoff(value) end
  if type(value) ~= "table" then return 'a table such as { max_attempts = 3, backoff = "exponential", initial_delay = "1s", max_delay = "1m" }' end
  local rules = { max_attempts = whole(1, 1001), backoff = backoff, initial_delay = duration, max_delay = duration }
  for key, entry in pairs(value) do
    local wrong = rules[key] and rules[key](entry)
    if wrong then return "a table in which " .. key .. " is " .. wrong end
    if not rules[key] then dsl.without_effect("config.retry_policy." .. tostring(key)) end
  end
end

dsl.aliases = { run = "command", condition = "run_if", on_fail = "on_failure" }
dsl.rules = {
  task = {
    name = text, description = label, command = code, timeout = duration, retries = whole(0, 1000), backoff = backoff, depends_on = names,
    on_success = fn, on_failure = fn, on_timeout = fn, on_retry = fn, on_skip = fn, pre_hook = fn, post_hook = fn, run_if = code, abort_if = code,
    delegate_to = queue, artifacts = globs, consumes = globs, workdir = text, env = environment, user = text, async = flag, next_if_fail = names,
    params = fields,
  },
  workflow = {
    name = text, description = label, version = label, tasks = fields, config = fields, metadata = function() end,
    on_start = fn, on_complete = fn, on_task_start = fn, on_task_complete = fn,
  },
  config = {
    timeout = duration, max_parallel_tasks = whole(1, 100), retry_policy = policy, fail_fast = flag, continue_on_error = flag,
    cleanup_on_failure = flag, workdir = text,
  },
}

local orders = {}
for what, rules in pairs(dsl.rules) do
  orders[what] = {}
  for key in pairs(rules) do orders[what][#orders[what] + 1] = key end
  table.sort(orders[what])
end

function dsl.without_effect(name, near)
  native.warn("'" .. tostring(name) .. "' has no effect in this version" .. (near and (" (did you mean '" .. near .. "'?)") or ""))
end

local function shown(value)
  if type(value) == "string" then return '"' .. value:sub(1, 40) .. '"' end
  if type(value) == "number" then return tostring(value) end
  return type(value)
end

-- What is wrong with the value of a key, as the end of a message; a key nobody knows is named in a warning
function dsl.misfit(what, key, value)
  local rule = dsl.rules[what][key]
  if rule then
    local expected = rule(value)
    return expected and (tostring(key) .. " must be " .. expected .. ", got " .. shown(value))
  end
  dsl.without_effect((what == "config" and "config." or "") .. tostring(key), type(key) == "string" and native.nearest(key, orders[what]) or nil)
end
`;
