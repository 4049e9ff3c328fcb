/**
 * A workflow from its first task to `on_complete`, in Lua. Each task has a thread of its own; as many are under way at once as
 * config.max_parallel_tasks says, in the order of their list.
 */
export const workflowsRunningPrelude = `
local native, shared = ...
local dsl = shared.dsl
local remove = table.remove

local function ready(w, t)
  for _, waits in ipairs{ t.needs, t.after } do
    for _, name in ipairs(waits) do if not w.results[name] then return false end end
  end
  return true
end

local function limit_of(w)
  local one_by_one = native.in_list_order() or native.interactive()
  return one_by_one and 1 or w.config.max_parallel_tasks or 1, one_by_one
end

-- An async task needs a free place to begin, and takes none.
local function start_ready(w)
  local i = 1
  while i <= #w.waiting and w.counted < w.limit do
    local t = w.waiting[i]
    if ready(w, t) then
      remove(w.waiting, i)
      t.counts = not t.async or w.one_by_one
      if t.counts then w.counted = w.counted + 1 end
      w.open = w.open + 1
      native.start(t.index, dsl.run_task, w, t)
    else
      i = i + 1
    end
  end
end

local function note(w, t)
  w.open = w.open - 1
  if t.counts then w.counted = w.counted - 1 end
  if w.results[t.name].status ~= "failed" then return end
  w.failed = w.failed or t.name
  if w.fail_fast then w.stopped = w.stopped or "fail_fast" end
end

local function run_tasks(w)
  w.limit, w.one_by_one = limit_of(w)
  w.waiting, w.counted, w.open = {}, 0, 0
  for i, t in ipairs(w.tasks) do w.waiting[i] = t end
  start_ready(w)
  while w.open > 0 do
    note(w, w.tasks[native.ended()])
    start_ready(w)
  end
end

local function message_of(w)
  if native.cancelled() then return "cancelled" end
  if w.aborted then return type(w.aborted) == "string" and ("aborted: " .. w.aborted) or "aborted by the answer" end
  if w.failed then return "task '" .. w.failed .. "' failed: " .. tostring(w.results[w.failed].message or "no reason given") end
  return w.over
end

-- Folders the tasks worked in; without one, nothing that is the workflow's own
local function clean_up(w)
  local seen = {}
  for _, t in ipairs(w.tasks) do
    if t.asked_folder and not seen[t.asked_folder] then
      seen[t.asked_folder] = true
      local outcome, ok, _, why = dsl.shielded(w, shared.call, "fs.rm_r", t.asked_folder)
      if outcome ~= "done" or not ok then native.log("error", "cleanup of " .. t.asked_folder .. ": " .. dsl.said(why or outcome)) end
    end
  end
end

local function listed(w)
  local list = {}
  for i, t in ipairs(w.tasks) do
    local r = w.results[t.name]
    list[i] = { name = r.name, status = r.status, attempts = r.attempts, durationMs = r.durationMs, message = r.message, output = native.plain(r.output) }
  end
  return list
end

-- Hooks may do what they like with theirs
local function copies(results)
  local copied = {}
  for name, result in pairs(results) do
    copied[name] = {}
    for field, value in pairs(result) do copied[name][field] = value end
  end
  return copied
end

local function run_workflow(w)
  local started = native.now()
  w.deadline = w.timeout_ms and started + w.timeout_ms
  native.define(dsl.described(w))
  native.stand(w.name)
  dsl.hook(w, "on_start")
  run_tasks(w)
  native.stand(w.name)
  local problem = message_of(w)
  dsl.hook(w, "on_complete", problem == nil, copies(w.results))
  if problem and w.config.cleanup_on_failure then clean_up(w) end
  native.stand()
  return { name = w.name, success = problem == nil, message = problem or "all tasks succeeded", durationMs = native.now() - started, tasks = listed(w) }
end

function shared.run()
  local read, ran = {}, {}
  dsl.running = true
  for i, defined in ipairs(dsl.defined) do read[i] = dsl.read(defined) end
  for i, w in ipairs(read) do
    if native.cancelled() then break end
    ran[i] = run_workflow(w)
  end
  return ran
end
`;
