-- What may be done to a CronJob.
local suspended = obj.spec.suspend == true

return {
  ["create-job"] = {},
  suspend = { disabled = suspended, reason = suspended and "it is suspended already" or nil },
  resume = { disabled = not suspended, reason = not suspended and "it is not suspended" or nil },
}
