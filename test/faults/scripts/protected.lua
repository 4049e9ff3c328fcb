-- Failures that the script catches: of the engine, and its own
for round = 1, 3 do
  local ok, why = pcall(function()
    state.increment("round")
    local missing, reason = gitops.get_workflow_status("nobody-" .. round)
    error({ round = round, missing = missing == nil, told = reason ~= nil })
  end)
  print(round, ok, why.round, why.missing, why.told)
end
print("rounds " .. state.get("round"))
