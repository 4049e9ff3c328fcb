-- A question to a person before production is changed: the lines printed before io.read are what they are shown.
--
--   sloth-runner run -f examples/approval.lua          waits; answer with `sloth-runner workflow approve ID`
--   sloth-runner run -f examples/approval.lua --yes    answers "y"

local app = assert(gitops.workflow{
    repo = "https://github.com/company/shop",
    name = "shop-production",
    path = "production",
    diff_preview = true,
    rollback_on_failure = true,
})

local diff = gitops.generate_diff(app.workflow_id)
if diff.summary.total_changes == 0 then
    log.info("nothing to do")
    return
end

for _, change in ipairs(diff.changes) do
    print(string.format("%-6s %-24s impact %s", change.type, change.resource, change.impact))
end
print(diff.summary.total_changes .. " changes to production. Go on? (y/n)")

if io.read() ~= "y" then
    log.warn("not approved; nothing was changed")
    return
end

local ok, err = gitops.sync_workflow(app.workflow_id)
if not ok then error(err) end
log.success("production is synced")
