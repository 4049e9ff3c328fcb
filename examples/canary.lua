-- A canary as a coroutine: each step rolls the new revision out a bit further and hands the judgement to its caller, which
-- goes on or takes everything back. A coroutine waits for the cluster like any other function, and survives a crash.
--
--   sloth-runner run -f examples/canary.lua

local environments = { "staging", "production" }

local function rollout()
    local done = {}
    for i, environment in ipairs(environments) do
        local app = assert(gitops.workflow{
            repo = "https://github.com/company/shop",
            name = "shop-" .. environment,
            path = environment,
        })
        local ok, err = gitops.sync_workflow(app.workflow_id)
        done[#done + 1] = app.workflow_id
        local go_on = coroutine.yield{
            environment = environment,
            share = math.floor(100 * i / #environments),
            healthy = ok and gitops.get_workflow_status(app.workflow_id).health == "Healthy",
            reason = err,
        }
        if not go_on then return false, done end
    end
    return true, done
end

local canary = coroutine.create(rollout)
local function go(...)
    local alive, step, apps = coroutine.resume(canary, ...)
    if not alive then error(step) end
    return step, apps
end

local step, apps = go()
while coroutine.status(canary) ~= "dead" do
    log.info(string.format("%d%%: %s is %s", step.share, step.environment, step.healthy and "healthy" or "not healthy"))
    if not step.healthy then log.warn(step.reason or "no reason given") end
    step, apps = go(step.healthy)
end

if step == true then
    log.success("rolled out to all of " .. #apps .. " environments")
else
    for _, id in ipairs(apps or {}) do
        local ok, err = gitops.rollback_workflow(id, "the canary was not healthy")
        if not ok then log.error(err) end
    end
    error("the canary was taken back")
end
