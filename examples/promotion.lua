-- Promotion by hand: what staging runs, and has proven healthy, goes to production; nothing newer.
--
--   sloth-runner run -f examples/promotion.lua

local function declare(environment)
    return assert(gitops.workflow{
        repo = "https://github.com/company/shop",
        name = "shop-" .. environment,
        path = environment,
        environment = environment,
        rollback_on_failure = true,
    }).workflow_id
end

local staging, production = declare("staging"), declare("production")

local ok, err = gitops.sync_workflow(staging)
if not ok then error("staging: " .. err) end
local proven = gitops.wait(staging, { health = "Healthy", timeout = "5m" })
if not proven then error("staging did not become healthy") end

local running = gitops.get_workflow_status(production).revision
if running == proven.revision then
    log.info("production runs " .. running:sub(1, 8) .. " already")
    return
end

local diff = gitops.generate_diff(production, { revision = proven.revision })
log.info(string.format("promote %s: %d changes, %d conflicts", proven.revision:sub(1, 8), diff.summary.total_changes,
    diff.summary.conflict_count))
for _, warning in ipairs(diff.warnings) do log.warn(warning) end
if diff.summary.conflict_count > 0 then error("conflicts need a decision first") end

ok, err = gitops.sync_workflow(production, { revision = proven.revision })
if not ok then error("production: " .. err) end
log.success("production runs " .. proven.revision:sub(1, 8))
