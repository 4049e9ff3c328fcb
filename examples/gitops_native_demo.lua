-- The main job of Sloth Runner: register, declare, preview, sync, look, break it, see it roll back.
--
--   make demo                                   everything local: Temporal, Kubernetes, git
--   sloth-runner run -f examples/gitops_native_demo.lua --var repo=https://github.com/you/manifests

local url = values.repo or "https://github.com/company/k8s-manifests"

-- 1. Register: checks that the repository answers and the branch exists.
local repo_id = gitops.register_repository({ id = "guestbook-repo", url = url, branch = "main" })
if not repo_id then error("the repository cannot be used: " .. url) end

-- 2. Declare: which path drives which cluster. Running this twice declares the same application.
local workflow, err = gitops.workflow({
    repo = repo_id,
    name = "guestbook",
    path = "guestbook",
    namespace = "guestbook",
    diff_preview = true,
    rollback_on_failure = true,
    sync_policy = { auto_prune = true, health_check = { timeout = "2m" } },
})
if not workflow then error(err) end
local id = workflow.workflow_id
print("workflow_id:   " .. id)
print("repository_id: " .. workflow.repository_id)

local function report(title)
    local status = gitops.get_workflow_status(id)
    local last = status.last_sync_result
    print(string.format("%s: status %s, health %s, %s %s", title, status.status, status.health, last.id, last.status))
    return status
end

-- 3. Preview: a server-side dry run of every object, nothing is written.
local diff = gitops.generate_diff(id)
print(string.format("preview: %d changes (%d to create, %d to update, %d to delete), %d conflicts",
    diff.summary.total_changes, diff.summary.created, diff.summary.updated, diff.summary.deleted,
    diff.summary.conflict_count))
for _, change in ipairs(diff.changes) do
    print(string.format("  %-6s %-28s impact %s", change.type, change.resource, change.impact))
end

-- 4. Sync: clone, render, dry-run, diff, back up, apply, wait for health, record.
local ok
ok, err = gitops.sync_workflow(id)
if not ok then error(err) end
local status = report("after the sync")
log.success("guestbook is " .. status.status .. " in " .. status.last_sync_result.metrics.duration)

-- 5. Break: a branch whose image cannot be pulled. Health fails, the last healthy set comes back by itself.
ok, err = gitops.sync_workflow(id, { revision = "broken" })
if ok then error("the broken branch was accepted") end
log.warn(err)
status = report("after the broken sync")

-- 6. Move on, then return by hand.
ok, err = gitops.sync_workflow(id, { revision = "v2" })
if not ok then error(err) end
report("after version 2")
ok, err = gitops.rollback_workflow(id, "back to version 1 for the demo")
if not ok then error(err) end
report("after the manual rollback")

-- 7. The history of it all.
local outcome = {}
for _, entry in ipairs(gitops.history(id)) do
    print(string.format("  %-7s %-12s %s  %s", entry.id, entry.status, (entry.revision or ""):sub(1, 8), entry.why))
    outcome[#outcome + 1] = entry.status == "succeeded" and "synced" or entry.status
end
print("summary: " .. table.concat(outcome, ", "))
