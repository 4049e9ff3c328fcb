/**
 * `string.format` as Lua 5.1 had it: numbers of any size, fractions cut off for `%d`. Fengari's own integers have 32
 * bits, and its sprintf knows neither `% d` nor two digits of exponent. Also the caps on what C functions build.
 */
export const formatPrelude = `
local native = ...
local raw_format, raw_rep, raw_concat = string.format, string.rep, table.concat
local raw_tonumber, raw_tostring, raw_tointeger = tonumber, tostring, math.tointeger
local limit = 16 * 1024 * 1024

-- Whole numbers out of the library are floats, too: two of Fengari's integers would wrap when they meet
math.floor, math.ceil = native.floor, native.ceil
function math.tointeger(value)
  if type(value) == "number" and value % 1 ~= 0 then return nil end
  return raw_tointeger(value)
end
function tonumber(...)
  if type((...)) == "string" and #(...) > 200 then return nil end
  local number = raw_tonumber(...)
  if number == nil or select("#", ...) < 2 then return number end
  return native.parse(...)
end

function tostring(...)
  if type((...)) == "number" then return native.number((...)) end
  return raw_tostring(...)
end

local function number_expected(n, value)
  return "bad argument #" .. (n + 1) .. " to 'format' (number expected, got " .. type(value) .. ")"
end
function string.format(pattern, ...)
  if type(pattern) ~= "string" then return raw_format(pattern, ...) end
  local args, count, n, problem = { ... }, select("#", ...), 0, nil
  local changed = pattern:gsub("%%([-+ #0]*)(%d*)(%.?%d*)(.)", function(flags, width, precision, kind)
    if kind == "%" then return nil end
    n = n + 1
    if n > count then
      problem = problem or "bad argument #" .. (n + 1) .. " to 'format' (no value)"
    elseif #width > 2 or #precision > 3 then
      problem = problem or "invalid format (width or precision too long)"
    elseif kind:find("[diuoxXeEfgG]") then
      local number = raw_tonumber(args[n])
      if number == nil then problem = problem or number_expected(n, args[n]) return nil end
      args[n] = native.format(flags, width, precision, kind, number)
      return "%s"
    elseif kind == "s" and type(args[n]) == "number" then
      args[n] = native.number(args[n])
    end
  end)
  if problem then error(problem, 2) end
  return raw_format(changed, unpack(args, 1, count))
end
function string.rep(text, times, separator)
  local size = raw_tonumber(times)
  if type(text) == "string" and size and (#text + #(separator or "")) * size > limit then
    error("string.rep: the result would be larger than 16 MiB", 2)
  end
  return raw_rep(text, times, separator)
end
function table.concat(list, separator, first, last)
  if type(list) ~= "table" then return raw_concat(list) end
  first, last = first or 1, last or #list
  local size, between = 0, #tostring(separator or "")
  for i = first, last do
    size = size + #tostring(list[i]) + between
    if size > limit then error("table.concat: the result would be larger than 16 MiB", 2) end
  end
  return raw_concat(list, separator or "", first, last)
end
getmetatable("").__metatable = "locked"
`;
