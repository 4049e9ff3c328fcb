-- A gate after the sync: the new version must answer before anybody is told that it is there; else it goes back.
--
--   sloth-runner run -f examples/http_gate.lua --var health=https://shop.example/healthz

local url = values.health or "http://127.0.0.1:8080/healthz"

workflow.define("http_gate", {
    tasks = {
        task("sync")
            :command(function()
                local app = assert(gitops.workflow{
                    repo = "https://github.com/company/shop",
                    name = "shop-staging",
                    path = "staging",
                    rollback_on_failure = true,
                })
                local ok, err = gitops.sync_workflow(app.workflow_id)
                return ok, err or "synced", { gitops_id = app.workflow_id }
            end),

        task("gate")
            :depends_on("sync")
            :retries(4, "linear")
            :command(function(params, deps)
                local response, err = http.get(url, { timeout = "5s" })
                if not response then return false, err end
                if not response.success then return false, url .. " answered " .. response.status_code end
                return true, "healthy", { version = response.json and response.json.version }
            end),
    },
    on_complete = function(success, results)
        local id = results.sync.output.gitops_id
        if not success and id then
            local ok, err = gitops.rollback_workflow(id, "the gate did not open: " .. tostring(results.gate.error))
            if not ok then log.error("rollback: " .. err) end
        end
    end,
})
