-- YAML in, YAML out: the values of a chart for each environment are made from one file.
--
--   sloth-runner run -f examples/yaml_values.lua

local base = data.parse_yaml([[
image: { repository: registry.example/shop, tag: "1.4.0" }
replicas: 1
features: [search, cart]
]])

local changes = {
    staging = { replicas = 1, features = { "search", "cart", "experiments" } },
    production = { replicas = 4, resources = { limits = { memory = "512Mi" } } },
}

local function merged(into, from)
    local result = {}
    for key, value in pairs(into) do result[key] = value end
    for key, value in pairs(from) do
        local both = type(value) == "table" and #value == 0 and type(result[key]) == "table"
        result[key] = both and merged(result[key], value) or value
    end
    return result
end

for _, environment in ipairs{ "staging", "production" } do
    local chart = merged(base, changes[environment])
    local text = assert(data.to_yaml(chart))
    log.info(environment .. ": " .. data.get_path(chart, "replicas") .. " replicas of " .. data.get_path(chart, "image.tag"))
    local ok, err = fs.write("values-" .. environment .. ".yaml", text)
    if not ok then error(err) end
end
print(table.concat(fs.ls("."), ", "))
