-- Several environments from one table, without a pipeline: the script itself is the program. Development follows its
-- repository by itself, production waits for a person.
--
--   sloth-runner run -f examples/environments.lua
--   sloth-runner sync production

local environments = {
    {
        name = "development",
        repo = "https://github.com/company/k8s-dev",
        auto_sync = true,        -- deployed by itself
        rollback_on_failure = true
    },
    {
        name = "production",
        repo = "https://github.com/company/k8s-prod",
        auto_sync = false,       -- by hand
        rollback_on_failure = true,
        validation_required = true
    }
}

-- Deployment pipeline
for _, env in ipairs(environments) do
    local workflow = gitops.workflow(env)
    print(env.name .. ": " .. workflow.workflow_id .. ", auto_sync " .. tostring(workflow.auto_sync))
end
