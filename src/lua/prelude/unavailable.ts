/**
 * Modules of Sloth Runner that this engine does not have, each with the reason; `ai` answers neutrally.
 */
export const unavailablePrelude = `
local native, shared = ...

local hosts = "managing hosts is out of scope: this engine brings manifests from git to clusters"
local clouds = "managing clouds is out of scope; run the tool's own command with exec.run"
local reasons = {
  pkg = hosts, systemd = hosts, user = hosts, users = hosts, file_ops = hosts, facts = hosts, infra_test = hosts, ssh = hosts, salt = hosts,
  stow = hosts, sysadmin = hosts, incus = hosts, lxc = hosts, agent = hosts, docker = hosts .. "; a hook Job or exec.run can call it",
  terraform = clouds, pulumi = clouds, aws = clouds, azure = clouds, gcp = clouds, digitalocean = clouds,
  python = "run Python with exec.run", database = "use a Job in the cluster, or exec.run with the database's own client",
  crypto = "use exec.run", validate = "write the check in Lua", goroutine = "independent tasks run concurrently with config.max_parallel_tasks",
  reliability = "tasks have retries and timeouts of their own", monitor = "use metrics", notify = "use notifications", system = "use exec and os",
  event = "use the hooks of workflow.define", scheduler = "use a Temporal Schedule, or auto_sync",
}
local function sentence(name) return "module '" .. name .. "' is not available: " .. reasons[name] end
function shared.unavailable(name)
  if reasons[name] then return sentence(name) end
end
-- Only words that no script would use for something of its own
for _, name in ipairs{"pkg", "systemd", "incus", "docker", "terraform", "pulumi", "salt", "stow", "aws", "azure", "gcp", "digitalocean", "goroutine"} do
  if _G[name] == nil then
    _G[name] = setmetatable({}, { __index = function(_, field) error(sentence(name) .. " (" .. name .. "." .. tostring(field) .. ")", 2) end,
      __call = function() error(sentence(name), 2) end })
  end
end

-- Nothing is predicted and nothing is suggested; a script that asks goes on with what it has
local neutral = {
  optimize_command = function(command) return { original_command = command, optimized_command = command, confidence_score = 0, confidence = 0, optimizations = {}, suggestions = {} } end,
  predict_failure = function() return { failure_probability = 0, confidence = 0, confidence_score = 0, recommendations = {}, risk_factors = {} } end,
  analyze_performance = function() return { confidence = 0, insights = {}, suggestions = {}, optimizations = {}, recommendations = {} } end,
  generate_insights = function() return {} end,
  get_task_stats = function() return { total_executions = 0, success_rate = 0, executions = {}, confidence = 0 } end,
  get_task_history = function() return {} end,
  record_execution = function() return true end,
  configure = function() return true end,
  set_config = function() return true end,
  get_config = function() return { enabled = false } end,
}
local function neutral_answer() return { confidence = 0, confidence_score = 0, suggestions = {}, recommendations = {}, insights = {} } end
ai = setmetatable({}, { __index = function(_, name)
  return function(...)
    native.warn("ai." .. tostring(name) .. " knows nothing here: it answers with confidence 0 and empty lists")
    return (neutral[name] or neutral_answer)(...)
  end
end })
shared.modules.ai = ai
`;
