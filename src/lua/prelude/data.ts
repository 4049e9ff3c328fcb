/**
 * `data`, and `json` and `yaml` beside it: text to tables and back, in the machine itself.
 */
export const dataPrelude = `
local native, shared = ...

local function constant(text)
  return { __tostring = function() return text end, __metatable = text, __newindex = function() error("data." .. text .. " cannot be changed", 2) end }
end
local null_mt, list_mt = constant("null"), {}
native.define_mark("null", null_mt)
native.define_mark("list", list_mt)
local null = setmetatable({}, null_mt)
native.set_null(null)

local function parser(name, parse)
  return function(text)
    text = shared.settle(text)
    if type(text) ~= "string" then error("bad argument #1 to '" .. name .. "' (text expected, got " .. type(text) .. ")", 2) end
    local ok, value = parse(text)
    if not ok then return nil, value end
    return value
  end
end
local function writer(write)
  return function(value, style)
    local ok, text = write(value, style)
    if not ok then return nil, text end
    return text
  end
end
-- \`true\`, a number of spaces, or { indent = n } as the second argument
local function indent_of(style)
  if type(style) == "table" then style = style.indent or style.pretty end
  if style == true then return 2 end
  return type(style) == "number" and style or 0
end
local parse_json, parse_yaml = parser("parse_json", native.parse_json), parser("parse_yaml", native.parse_yaml)
local parse_yaml_all = parser("parse_yaml_all", native.parse_yaml_all)
local to_json = writer(function(value, style) return native.to_json(value, indent_of(style)) end)
local to_yaml = writer(native.to_yaml)

-- "spec.containers[1].image": names and, from 1, positions
local function get_path(value, path, default)
  if type(path) ~= "string" then error("bad argument #2 to 'get_path' (path expected, got " .. type(path) .. ")", 2) end
  for part in path:gmatch("[^%.%[%]]+") do
    if type(value) ~= "table" then return default end
    local found = value[part]
    if found == nil then found = value[tonumber(part)] end
    value = found
  end
  if value == nil or value == null then return default end
  return value
end
local function list(values) return setmetatable(values or {}, list_mt) end

local function module(members)
  for name, member in pairs{ null = null, list = list, array = list, get_path = get_path, get = get_path } do members[name] = members[name] or member end
  return members
end
data = module{
  parse_json = parse_json, to_json = to_json, json_decode = parse_json, json_encode = to_json, from_json = parse_json,
  parse_yaml = parse_yaml, to_yaml = to_yaml, yaml_decode = parse_yaml, yaml_encode = to_yaml, from_yaml = parse_yaml,
  parse_yaml_all = parse_yaml_all,
}
json = module{ parse = parse_json, decode = parse_json, load = parse_json, encode = to_json, stringify = to_json, dump = to_json,
  parse_json = parse_json, to_json = to_json }
yaml = module{ parse = parse_yaml, decode = parse_yaml, load = parse_yaml, encode = to_yaml, stringify = to_yaml, dump = to_yaml,
  parse_all = parse_yaml_all,   parse_yaml = parse_yaml, to_yaml = to_yaml }
local modules = shared.modules
modules.data, modules.json, modules.yaml = data, json, yaml
`;
