-- Tasks that run at once: two environments are declared and synced side by side, with retries and a hook for each outcome;
-- the report waits for both.
--
--   sloth-runner run -f examples/concurrent_checks.lua

local function deploy(environment)
    return function(params)
        local app, err = gitops.workflow{
            repo = "https://github.com/company/shop",
            name = "shop-" .. environment,
            path = environment,
            environment = environment,
            sync_policy = { health_check = { timeout = "2m" } },
        }
        if not app then return false, err end
        local ok
        ok, err = gitops.sync_workflow(app.workflow_id)
        if not ok then return false, err end
        return true, environment .. " is synced", { id = app.workflow_id }
    end
end

local function deployment(environment)
    return task("deploy_" .. environment)
        :command(deploy(environment))
        :retries(2, "exponential")
        :on_retry(function(params, attempt) log.warn(params.task_name .. ": after attempt " .. attempt) end)
        :on_success(function(params, output) log.success(params.task_name .. " declared " .. output.id) end)
        :on_failure(function(params, err) log.error(params.task_name .. ": " .. err.message) end)
end

workflow.define("concurrent_checks", {
    description = "Staging and production side by side",
    config = { max_parallel_tasks = 2 },
    tasks = {
        deployment("staging"),
        deployment("production"),
        task("report")
            :depends_on("deploy_staging", "deploy_production")
            :command(function(params, deps)
                local healthy = 0
                for _, output in pairs(deps) do
                    if gitops.get_workflow_status(output.id).health == "Healthy" then healthy = healthy + 1 end
                end
                return healthy == 2, healthy .. " of 2 are healthy"
            end),
    },
    on_complete = function(success) log.info(success and "both environments are healthy" or "look at the failed task") end,
})
