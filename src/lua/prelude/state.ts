/**
 * `state`: values that outlive the run, kept by the workflow `state/<name>`.
 */
export const statePrelude = `
local native, shared = ...
local call = shared.call

state = {}
for _, name in ipairs{"set", "delete", "exists", "keys", "decrement", "set_with_ttl", "set_ttl", "get_ttl", "compare_swap", "clear",
  "append", "list_push", "list_pop", "list_length", "increment", "stats", "try_lock", "unlock"} do
  state[name] = function(key, value, more) return call("state." .. name, key, shared.settle(value), shared.settle(more)) end
end
function state.get(key, default)
  local value = call("state.get", key)
  if value == nil then return default end
  return value
end
-- A lock is asked for once a second; its own time to live is five minutes
function state.lock(name, timeout)
  local started, limit = native.now(), (timeout or 60) * 1000
  while true do
    local taken, err = call("state.try_lock", name, 300)
    if taken or err then return taken, err end
    if native.now() - started >= limit then return false, "the lock '" .. tostring(name) .. "' is held by another run" end
    native.sleep(1000, "wait for the lock " .. tostring(name))
  end
end
function state.with_lock(name, body, timeout)
  local taken, err = state.lock(name, timeout)
  if not taken then return nil, err end
  local results = table.pack(pcall(body))
  state.unlock(name)
  if not results[1] then error(results[2], 0) end
  return table.unpack(results, 2, results.n)
end
shared.modules.state = state
`;
