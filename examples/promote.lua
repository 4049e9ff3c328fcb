-- Promotion as one durable workflow: the commit that is healthy in staging goes to production once it has held for a
-- while and its check passes; what was changed is brought back should production fail.
--
--   sloth-runner run -f examples/promote.lua

local function declare(environment)
    return assert(gitops.workflow{
        repo = "https://github.com/company/shop",
        name = "shop-" .. environment,
        path = environment,
        environment = environment,
    }).workflow_id
end

local staging, production = declare("staging"), declare("production")
assert(gitops.sync_workflow(staging))

local promotion, err = gitops.promote{
    name = "shop",
    from = { app = staging, hold = 2 },
    to = {
        {
            app = production,
            -- approval = { two_person = true, expires = "2d" },  -- sloth-runner workflow approve promotion/shop/1
            hold = 2,
            checks = {
                {
                    type = "lua",
                    name = "something runs",
                    script = [[
                        if #objects > 0 then return { status = "Healthy", message = #objects .. " objects" } end
                        return { status = "Degraded", message = "nothing is there" }
                    ]],
                },
            },
        },
    },
    on_failure = "rollback",
}
if not promotion then error(err) end

for _, environment in ipairs(promotion.environments) do
    log.info(environment.app .. ": " .. environment.status)
end
log.success(promotion.id .. " " .. promotion.status .. ": " .. promotion.revision:sub(1, 8))
