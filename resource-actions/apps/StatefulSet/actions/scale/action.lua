-- As many pods as the parameter `replicas` says.
local replicas = tonumber(actionParams["replicas"])
if replicas == nil or replicas < 0 or replicas ~= math.floor(replicas) then
  error("replicas: a whole number from 0 on is needed, not '" .. tostring(actionParams["replicas"]) .. "'", 0)
end
obj.spec.replicas = replicas
return obj
