-- A rollback by hand, with a reason: the engine is told to leave a failed sync as it is, and the script decides.
--
--   sloth-runner run -f examples/rollback_on_health.lua

local app = assert(gitops.workflow{
    repo = "https://github.com/company/k8s-manifests",
    name = "guestbook",
    path = "guestbook",
    sync_policy = { health_check = { timeout = "30s", failure_mode = "fail" }, retry = { limit = 0 } },
})
local id = app.workflow_id

local ok, err = gitops.sync_workflow(id)
if not ok then error(err) end
local good = gitops.get_workflow_status(id).revision

ok, err = gitops.sync_workflow(id, { revision = "broken" })
if not ok then
    log.warn("the new version is not healthy: " .. err)
    local reason = "unhealthy after the sync: " .. err:sub(1, 80)
    local back, why = gitops.rollback_workflow(id, reason, { to = "previous" })
    if not back then error("and the rollback failed: " .. why) end
end

local status = gitops.get_workflow_status(id)
log.info(string.format("%s runs %s again, health %s", status.name, (status.revision or good):sub(1, 8), status.health))
for _, entry in ipairs(gitops.history(id, 3)) do print(entry.id, entry.status, entry.why) end
