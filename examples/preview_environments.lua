-- Preview environments: every branch feature/* gets an application in a namespace of its own, and loses it with the
-- branch. The environments themselves follow gitflow: staging takes hotfix/*, release/* or main.
--
--   sloth-runner run -f examples/preview_environments.lua

local shop = assert(gitops.workflow{
    repo = "https://github.com/company/shop",
    name = "shop",
    path = "staging",
    environment = "staging",
    branch_strategy = "gitflow",
    sync_interval = "1m",
    preview_environments = { branches = "feature/*", namespace = "shop-{branch}", limit = 5 },
})

assert(gitops.sync_workflow(shop.workflow_id))
local status = assert(gitops.get_workflow_status(shop.workflow_id))
log.success("staging runs " .. status.revision:sub(1, 8) .. "; sloth-runner app list --environment preview shows the previews")
