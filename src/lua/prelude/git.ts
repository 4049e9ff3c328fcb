/**
 * `git`: repositories in the folder of the run, by a table of options or by position; a clone answers to methods.
 */
export const gitPrelude = `
local _, shared = ...
local git = {}
shared.modules.git, _G.git = git, git

-- Call -> names of the positional arguments; the first must be there where it is marked
local forms = {
  clone = { "url", "path", required = "url" },
  checkout = { "path", "revision", required = "revision" },
  pull = { "path", "branch" },
  status = { "path" },
  commit = { "path", "message", required = "message" },
  push = { "path", "branch" },
}

local function options_of(name, form, ...)
  local given = { ... }
  if rawequal(given[1], git) then table.remove(given, 1) end
  if type(given[1]) == "table" and not shared.is_secret(given[1]) then return given[1] end
  local options = {}
  for i, field in ipairs(form) do options[field] = shared.settle(given[i]) end
  local more = given[#form + 1]
  if type(more) == "table" then for key, value in pairs(more) do options[key] = value end end
  return options
end

local methods = {}
local function object_of(answer)
  return setmetatable(answer, { __index = methods })
end

for name, form in pairs(forms) do
  git[name] = function(...)
    local options = options_of(name, form, ...)
    local required = form.required
    if required and options[required] == nil and not (required == "revision" and options.branch ~= nil) then
      error("bad argument to '" .. name .. "' (" .. required .. " expected, got nil)", 2)
    end
    if name == "clone" and type(options.url) == "string" and options.path == nil then
      local copy = {}
      for key, value in pairs(options) do copy[key] = value end
      copy.path = options.url:gsub("/+$", ""):gsub("%.git$", ""):match("([^/:]+)$")
      options = copy
    end
    local answer, why = shared.call("git." .. name, options)
    if not answer then return nil, why end
    return object_of(answer)
  end
  if name ~= "clone" then
    methods[name] = function(self, argument)
      if type(argument) ~= "table" then return git[name](self.path, argument) end
      local options = { path = self.path }
      for key, value in pairs(argument) do options[key] = value end
      return git[name](options)
    end
  end
end
`;
