/**
 * What a task has around it, in Lua: the person who is asked before it, the files it takes and leaves, the queue and the
 * environment of its calls.
 */
export const taskSurroundingsPrelude = `
local native, shared = ...
local dsl = shared.dsl

-- A person says whether it goes on
local answers = { continue = "go", c = "go", y = "go", yes = "go", run = "go", r = "go", [""] = "go",
  skip = "skip", s = "skip", abort = "abort", a = "abort", n = "abort", no = "abort" }
local function asked(w, t)
  local prompt = "task '" .. t.name .. "'" .. (t.description and (" (" .. t.description .. ")") or "") .. ": continue, skip or abort?"
  for _ = 1, 3 do
    local outcome, ok, answer, why = dsl.within(w, nil, shared.call, "io.read", { prompt = prompt })
    if outcome ~= "done" or not ok or answer == nil then return "abort", outcome == "done" and dsl.said(ok and why or answer) end
    local meant = answers[tostring(answer):lower():match("^%s*(.-)%s*$")]
    if meant then return meant end
  end
  return "abort"
end

function dsl.questioned(w, t)
  if not native.interactive() then return nil end
  local answer, why = asked(w, t)
  if answer == "go" then return nil end
  if answer == "abort" then w.stopped = "aborted" w.aborted = why or true end
  return answer == "abort" and "aborted" or "skipped by the answer"
end

-- Files between tasks
function dsl.workspace(w, shield, name, arguments)
  local outcome, ok, done, why
  if shield then outcome, ok, done, why = dsl.shielded(w, shared.call, "workspace." .. name, arguments)
  else outcome, ok, done, why = dsl.within(w, nil, shared.call, "workspace." .. name, arguments) end
  if outcome ~= "done" then return false, outcome end
  if not ok then return false, dsl.said(done) end
  if done == nil or done == false then return false, dsl.said(why) end
  return true
end
function dsl.listed(value) return type(value) == "table" and value or { value } end
function dsl.producers(w, t)
  local found, seen = {}, {}
  local function visit(name)
    if seen[name] then return end
    seen[name] = true
    for _, need in ipairs(w.by_name[name].needs) do visit(need) end
    for _, need in ipairs(w.by_name[name].after) do visit(need) end
    if name ~= t.name and w.by_name[name].artifacts then found[#found + 1] = name end
  end
  visit(t.name)
  return found
end

function dsl.queue_of(w, t)
  local queue = t.delegate_to
  if type(queue) == "function" then
    local outcome, ok, value = dsl.within(w, t.timeout_ms, dsl.invoke, t, queue, t.given, t.deps)
    if outcome ~= "done" or not ok then return nil, "delegate_to: " .. (outcome == "done" and dsl.said(value) or outcome) end
    queue = value
  end
  if type(queue) == "table" then
    if #queue > 1 then native.warn("delegate_to of '" .. t.name .. "' names several task queues; the first one is used") end
    queue = queue.queue or queue.name or queue.host or queue[1]
  end
  if queue == nil or type(queue) == "string" and queue ~= "" then return queue end
  return nil, "delegate_to must give the name of a task queue, got " .. type(queue)
end

function dsl.environment_of(t)
  if t.env == nil or next(t.env) == nil then return nil end
  local env = {}
  for name, value in pairs(t.env) do env[name] = shared.is_secret(value) and value or tostring(value) end
  return env
end
`;
