-- What the scripts know of environments; see shared_library.lua.
local M = { names = { "staging", "production" } }

function M.title(name) return (name:gsub("^%l", string.upper)) end

function M.declare(name)
    return assert(gitops.workflow{
        repo = "https://github.com/company/shop",
        name = "shop-" .. name,
        path = name,
        environment = name,
        rollback_on_failure = name == "production",
    })
end

return M
