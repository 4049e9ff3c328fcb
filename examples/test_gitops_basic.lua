-- A functional test of the gitops module: each call once, each answer checked.
--
--   sloth-runner run -f examples/test_gitops_basic.lua

local passed = 0
local function check(what, condition, detail)
    if not condition then error("FAILED: " .. what .. (detail and (" (" .. tostring(detail) .. ")") or "")) end
    passed = passed + 1
    log.debug("ok: " .. what)
end

-- Repository registration
local repo_id, err = gitops.register_repository({
    id = "infrastructure-repo",
    url = "https://github.com/company/infrastructure",
    branch = "main",
})
check("register_repository gives the id", repo_id == "infrastructure-repo", err)

-- Workflow creation
local workflow = gitops.workflow({
    repo = "https://github.com/company/infrastructure",
    branch = "main",
    diff_preview = true,
    rollback_on_failure = true,
})
check("workflow_id", workflow.workflow_id:match("^workflow%-%d+$"), workflow.workflow_id)
check("repository_id", workflow.repository_id:match("^repo%-%d+$"), workflow.repository_id)
check("status is created", workflow.status == "created")
check("auto_sync is off", workflow.auto_sync == false)
check("diff_preview is on", workflow.diff_preview == true)
check("rollback_on_failure is on", workflow.rollback_on_failure == true)

local again = gitops.create_workflow({ repository = repo_id, name = "by-repository", target_path = "." })
check("create_workflow gives an id", type(again) == "string" and again:match("^workflow%-%d+$"), again)

-- Status before the first sync
local id = workflow.workflow_id
local status = gitops.get_workflow_status(id)
check("status is active before the first sync", status.status == "active", status.status)
check("no last_sync_result yet", status.last_sync_result == nil)

-- Diff generation
local diff = gitops.generate_diff(id)
check("diff lists what is to be created", diff.summary.created == diff.summary.total_changes and diff.summary.created > 0)
check("both names of the counts", diff.summary.created == diff.summary.created_resources)
check("the text of a change is there when read", diff.changes[1].diff:find("+", 1, true) ~= nil)
check("preview_changes is the same", gitops.preview_changes(id).summary.created == diff.summary.created)

-- Manual sync
check("sync_workflow", gitops.sync_workflow(id))
status = gitops.get_workflow_status(id)
check("status is synced", status.status == "synced", status.status)
check("sync succeeded", status.last_sync_result.status == "succeeded")
check("message", status.last_sync_result.message == "Sync completed successfully", status.last_sync_result.message)
check("resources were applied", status.last_sync_result.metrics.resources_applied == diff.summary.created)
check("nothing left to do", gitops.generate_diff(id).summary.total_changes == 0)

-- Lists
local found
for _, entry in ipairs(gitops.list_workflows()) do
    if entry.id == id then found = entry end
end
check("list_workflows holds it", found ~= nil and found.status == "synced", found and found.status)

-- Auto-sync
check("start_auto_sync", gitops.start_auto_sync(id))
check("auto_sync is on", gitops.get_workflow_status(id).auto_sync == true)
check("stop_auto_sync", gitops.stop_auto_sync(id))
check("auto_sync is off again", gitops.get_workflow_status(id).auto_sync == false)

-- Errors are values
local missing, why = gitops.get_workflow_status("workflow-000000000000000")
check("an unknown id gives nil and a reason", missing == nil and why:find("unknown", 1, true) ~= nil, why)
local ok, reason = gitops.rollback_workflow(id, "nothing to return to")
check("no earlier set, no rollback", ok == false and type(reason) == "string", reason)
check("a missing argument raises", not pcall(gitops.sync_workflow))

log.success("all " .. passed .. " checks passed")
