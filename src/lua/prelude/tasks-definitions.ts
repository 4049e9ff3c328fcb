/**
 * The two forms of a definition in Lua: `workflow.define(name, {...})` and fluent objects, for tasks as well (lua-api.md section
 * 3). They only collect; what a method is given is checked where it is called.
 */
export const taskDefinitionsPrelude = `
local native, shared = ...
local dsl = shared.dsl
dsl.defined = {}

-- What a fluent object stands for (the object itself only has methods), and where in the script a thing was defined.
local targets, positions = setmetatable({}, { __mode = "k" }), setmetatable({}, { __mode = "k" })
function dsl.target_of(value) return targets[value] or value end
function dsl.is_builder(value) return targets[value] ~= nil end
function dsl.position_of(value) return positions[targets[value] or value] end

local function refuse(text) error(native.position() .. ": " .. text, 0) end
local function called(target, what) return what .. " '" .. tostring(target.name) .. "': " end

local listed = { depends_on = true, next_if_fail = true, tasks = true, artifacts = true, consumes = true }
local function store(target, what, name, ...)
  local key = dsl.aliases[name] or name
  local value = ...
  if listed[key] and (select("#", ...) > 1 or targets[value]) then value = { ... } end
  -- A value that is nil was left out, unless that is all the method was called for.
  if value == nil then refuse(called(target, what) .. tostring(name) .. " got nil: a variable that is not set?") end
  local wrong = dsl.misfit(what, key, value)
  if wrong then refuse(called(target, what) .. wrong) end
  target[key] = value
  if key == "retries" and select(2, ...) ~= nil then store(target, what, "backoff", (select(2, ...))) end
end

local function fluent(target, what)
  local object
  object = setmetatable({}, { __index = function(_, name)
    return function(self, ...)
      if self ~= object then refuse(called(target, what) .. "call " .. tostring(name) .. " with a colon, as in " .. what .. ":" .. tostring(name) .. "(...)") end
      if name == "build" then return self end
      local known = dsl.rules[what][dsl.aliases[name] or name]
      if known then store(target, what, name, ...)
      else
        dsl.misfit(what, name)
        target[name] = select("#", ...) > 1 and { ... } or ...
      end
      return self
    end
  end })
  targets[object] = target
  positions[target] = native.position()
  return object
end

function task(name)
  if type(name) ~= "string" then error("bad argument #1 to 'task' (name expected, got " .. type(name) .. ")", 2) end
  return fluent({ name = name }, "task")
end
function group()
  refuse("group \\"name\\" { ... } is not a form of this language: write workflow.define(\\"name\\", { tasks = { task(\\"a\\"):command(...) } })")
end

workflow = {}
function workflow.define(name, spec)
  if type(name) ~= "string" then error("bad argument #1 to 'define' (workflow name expected, got " .. type(name) .. ")", 2) end
  if spec ~= nil and type(spec) ~= "table" then error("bad argument #2 to 'define' (table expected, got " .. type(spec) .. ")", 2) end
  if dsl.running then refuse("workflow.define '" .. name .. "' in a task or a hook comes too late to run: define workflows in the body of the script") end
  local target = { name = name }
  for key, value in pairs(spec or {}) do
    if key ~= "name" then store(target, "workflow", key, value) end
  end
  dsl.defined[#dsl.defined + 1] = target
  return fluent(target, "workflow")
end
setmetatable(workflow, { __index = function(_, name)
  error("workflow." .. tostring(name) .. " is not a form of this language: write workflow.define(\\"name\\", { tasks = { ... } })", 2)
end })
shared.modules.workflow = workflow
`;
