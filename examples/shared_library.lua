-- Functions that several scripts share live in a file of their own, which is submitted with the script.
--
--   sloth-runner run -f examples/shared_library.lua

local environments = import("library/environments.lua")

for _, name in ipairs(environments.names) do
    local app = environments.declare(name)
    local ok, err = gitops.sync_workflow(app.workflow_id)
    if not ok then error(name .. ": " .. err) end
    log.success(environments.title(name) .. " is synced")
end
