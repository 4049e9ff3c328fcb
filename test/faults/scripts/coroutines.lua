-- Calls of the engine inside coroutines of the script's own
local function walker(names)
  return coroutine.wrap(function()
    for _, name in ipairs(names) do
      local count = state.increment("seen " .. name)
      coroutine.yield(name .. "=" .. count)
    end
  end)
end

for line in walker({ "a", "b", "c" }) do print(line) end
print("status " .. gitops.get_workflow_status(values.app).status)
