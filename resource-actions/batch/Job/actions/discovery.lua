-- What may be done to a Job.
local over = { Complete = true, Failed = true, FailureTarget = true, SuccessCriteriaMet = true }
local finished = false
for _, condition in ipairs(obj.status and obj.status.conditions or {}) do
  if over[condition.type] and condition.status == "True" then finished = true end
end
local suspended = obj.spec.suspend == true
local running = obj.status ~= nil and obj.status.startTime ~= nil

local function unless(reason)
  return { disabled = reason ~= nil, reason = reason }
end

return {
  suspend = unless(finished and "it has ended" or suspended and "it is suspended already" or nil),
  resume = unless(finished and "it has ended" or not suspended and "it is not suspended" or nil),
  -- A Job without a start time cannot be called failed: the API server refuses that.
  terminate = unless(finished and "it has ended" or not running and "it does not run" or nil),
}
