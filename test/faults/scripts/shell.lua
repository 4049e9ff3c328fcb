-- A shell line happens once, whatever becomes of its worker; the script hears of it
for line = 1, 3 do
  local result = exec.run("echo " .. line .. " >> " .. values.witness .. "; sleep 0.2; echo done " .. line)
  print(line, result and result.interrupted and "interrupted" or result.stdout)
  state.increment("lines")
end
print("lines " .. state.get("lines"))
assert(gitops.sync_workflow(values.app))
print("synced")
