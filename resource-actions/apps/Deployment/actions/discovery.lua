-- What may be done to a Deployment.
local paused = obj.spec.paused == true

return {
  restart = { disabled = paused, reason = paused and "it is paused, and a paused Deployment rolls nothing out" or nil },
  pause = { disabled = paused, reason = paused and "it is paused already" or nil },
  resume = { disabled = not paused, reason = not paused and "it is not paused" or nil },
  scale = { params = { { name = "replicas" } } },
}
