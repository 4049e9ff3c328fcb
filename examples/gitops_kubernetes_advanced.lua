-- Kubernetes in earnest: several environments from one table, a pipeline with dependencies, promotion by hand,
-- health gates and a report.
--
--   sloth-runner run -f examples/gitops_kubernetes_advanced.lua

local environments = {
    { name = "advanced-dev", repo = "https://github.com/company/k8s-dev", namespace = "development" },
    { name = "advanced-prod", repo = "https://github.com/company/k8s-prod", namespace = "production", validation_required = false },
}

local function declare(env)
    env.environment = env.name:match("%-(%a+)$")
    env.rollback_on_failure = true
    env.sync_policy = {
        auto_prune = true,
        retry = { limit = 2, backoff = { duration = "1s", factor = 2, max_duration = "10s" } },
        health_check = { enabled = true, timeout = "2m", failure_mode = "rollback" },
    }
    return assert(gitops.workflow(env))
end

local function deploy(env)
    return function(params, deps)
        local app = declare(env)
        local diff = gitops.generate_diff(app.workflow_id)
        for _, warning in ipairs(diff.warnings) do log.warn(env.name .. ": " .. warning) end
        if diff.summary.conflict_count > 0 then
            return false, diff.summary.conflict_count .. " conflicts need a decision"
        end
        local ok, err = gitops.sync_workflow(app.workflow_id)
        if not ok then return false, err end
        local status = gitops.get_workflow_status(app.workflow_id)
        return true, env.name .. " is " .. status.status, {
            gitops_id = app.workflow_id,
            revision = status.revision,
            applied = status.last_sync_result.metrics.resources_applied,
        }
    end
end

workflow.define("kubernetes_advanced", {
    description = "Development first, production when development is healthy",
    version = "1.0.0",
    tasks = {
        task("deploy_development")
            :description("Everything that is on main")
            :command(deploy(environments[1]))
            :retries(1, "exponential"),

        task("verify_development")
            :depends_on("deploy_development")
            :command(function(params, deps)
                local out = deps.deploy_development
                local status = gitops.get_workflow_status(out.gitops_id)
                return status.health == "Healthy", "development health is " .. status.health, { revision = status.revision }
            end),

        {
            name = "deploy_production",
            depends_on = { "verify_development" },
            command = deploy(environments[2]),
            on_failure = function(params, err) log.error("production: " .. err.message) end,
        },
    },
    on_task_complete = function(name, success, output)
        log.info(name .. (success and " done" or " failed") .. " in " .. output.duration)
        if not success and output.gitops_id then
            gitops.rollback_workflow(output.gitops_id, "Task failure triggered rollback")
        end
    end,
    on_complete = function(success, results)
        for _, entry in ipairs(gitops.list_workflows()) do
            print(string.format("%-16s %-8s auto_sync %s", entry.name, entry.status, tostring(entry.auto_sync)))
        end
        log.info(success and "all environments are synced" or "stopped before the end")
    end,
})
