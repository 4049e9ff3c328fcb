/**
 * `require`, `import`, `dofile`, `loadfile`: the modules of this language, and the files that were submitted with the
 * script. `values` is a module as well.
 */
export const modulesPrelude = `
local native, shared = ...
local modules, loaded, loading = shared.modules, {}, {}

if type(values) == "table" and getmetatable(values) == nil then
  setmetatable(values, { __index = { get = function(path, default) return data.get_path(values, path, default) end } })
end
modules.values = values

local function text_in(path, name)
  if type(path) ~= "string" then error("bad argument #1 to '" .. name .. "' (file expected, got " .. type(path) .. ")", 3) end
  return path
end

local function run(path, chunk)
  local running = coroutine.running()
  if loading[path] == running then error("'" .. path .. "' needs itself: it is being loaded", 0) end
  loading[path] = running
  local results = table.pack(pcall(chunk, path))
  loading[path] = nil
  if not results[1] then error(results[2], 0) end
  return results[2]
end
local function value_of(path, kind, content)
  if kind == "data" then return content end
  local value = run(path, content)
  if value == nil then return true end
  return value
end
local function load_once(path, kind, content)
  if loaded[path] == nil then loaded[path] = { value_of(path, kind, content) } end
  return loaded[path][1]
end

function import(path)
  local file, kind, content = native.file(text_in(path, "import"))
  if file == nil then error(kind, 2) end
  return load_once(file, kind, content)
end
function dofile(path)
  local file, kind, content = native.file(text_in(path, "dofile"))
  if file == nil then error(kind, 2) end
  if kind == "data" then return content end
  return run(file, content)
end
function loadfile(path)
  local file, kind, content = native.file(text_in(path, "loadfile"))
  if file == nil then return nil, kind end
  if kind == "data" then return function() return content end end
  return content
end
function require(name)
  local module = modules[text_in(name, "require")]
  if module ~= nil then return module end
  local file, kind, content = native.file(name, "module")
  if file ~= nil then return load_once(file, kind, content) end
  error(shared.unavailable(name) or kind, 2)
end
`;
