/**
 * `secret(name)`: a reference that prints as `secret:name` and stays one in `"Bearer " .. secret("token")` and in
 * `string.format("Bearer %s", secret("token"))`. A reference is a list of text and references in turn.
 */
export const referencesPrelude = `
local native, shared = ...
local format = string.format

local mt = { __metatable = "secret" }
native.define_mark("secret", mt)
local function is_secret(value) return type(value) == "table" and native.mark(value) == "secret" end
shared.is_secret = is_secret

local function parts(value)
  if is_secret(value) then return value end
  if type(value) ~= "string" and type(value) ~= "number" then error("attempt to concatenate a " .. type(value) .. " value", 3) end
  return { tostring(value) }
end
local function joined(a, b)
  local left, right, all = parts(a), parts(b), {}
  for i = 1, rawlen(left) do all[i] = rawget(left, i) end
  all[#all] = all[#all] .. rawget(right, 1)
  for i = 2, rawlen(right) do all[#all + 1] = rawget(right, i) end
  return setmetatable(all, mt)
end
mt.__concat = joined
function mt.__tostring(self)
  local text = ""
  for i = 1, rawlen(self) do text = text .. rawget(self, i) end
  return text
end
function mt.__index(_, name) error("a secret cannot be read in a script ('" .. tostring(name) .. "'): hand the reference to the call that needs it", 2) end
function mt.__newindex() error("a reference to a secret cannot be changed", 2) end

function shared.reference(text) return setmetatable({ "", text, "" }, mt) end

function secret(name)
  if type(name) ~= "string" then error("bad argument #1 to 'secret' (name expected, got " .. type(name) .. ")", 2) end
  if name == "" then error("bad argument #1 to 'secret' (the name is empty)", 2) end
  if name:find("^env:.") or name:find("^file:.") or name:find("^secret:.") then return shared.reference(name) end
  return shared.reference("secret:" .. name)
end

local function with_references(text, found)
  local result, from = nil, 1
  local function add(part) result = result == nil and part or result .. part end
  for at, number, after in text:gmatch("()\\1secret(%d+)\\1()") do
    add(text:sub(from, at - 1))
    add(found[tonumber(number)])
    from = after
  end
  add(text:sub(from))
  return result
end
function string.format(pattern, ...)
  local found
  for i = 1, select("#", ...) do if is_secret((select(i, ...))) then found = {} end end
  if not found then return format(pattern, ...) end
  local args = table.pack(...)
  for i = 1, args.n do
    if is_secret(args[i]) then
      found[#found + 1] = args[i]
      args[i] = "\\1secret" .. #found .. "\\1"
    end
  end
  return with_references(format(pattern, table.unpack(args, 1, args.n)), found)
end
`;
