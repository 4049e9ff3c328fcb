-- Messages to people when a task fails, and one when everything is well again. Addresses are secrets: only the step that
-- sends reads them.
--
--   sloth-runner run -f examples/notify_on_failure.lua

local function tell(message)
    local sent, err = notifications.slack{ webhook_url = secret("slack-webhook"), message = message }
    if not sent then log.warn("nobody was told: " .. tostring(err)) end
end

workflow.define("notify_on_failure", {
    tasks = {
        task("sync")
            :command(function()
                local app = assert(gitops.workflow{
                    repo = "https://github.com/company/shop",
                    name = "shop-production",
                    path = "production",
                    rollback_on_failure = true,
                })
                local ok, err = gitops.sync_workflow(app.workflow_id)
                return ok, err or "synced", { gitops_id = app.workflow_id }
            end)
            :retries(1, "fixed")
            :on_failure(function(params, err) tell("shop-production: " .. err.message) end),
    },
    on_complete = function(success, results)
        if success and results.sync.attempts > 1 then tell("shop-production is synced after all") end
    end,
})
