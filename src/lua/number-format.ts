/**
 * `string.format` as Lua 5.1 had it: `%d` takes any whole double. Fengari's integers have 32 bits, so a larger one is
 * written out here and put in as text. Also the caps on what C functions build.
 */
export const formatPrelude = `
local native = ...
local raw_format, raw_rep, raw_concat = string.format, string.rep, table.concat
local limit = 16 * 1024 * 1024
local small = 2147483647

function string.format(pattern, ...)
  if type(pattern) ~= "string" then return raw_format(pattern, ...) end
  local args, n = { ... }, 0
  local changed = pattern:gsub("%%([-+ #0]*)(%d*)(%.?%d*)(.)", function(flags, width, precision, kind)
    if kind == "%" then return nil end
    n = n + 1
    local value = args[n]
    if (kind == "d" or kind == "i") and type(value) == "number" and value % 1 == 0 and (value > small or value < -small) then
      args[n] = native.whole(value)
      return "%" .. (flags:find("-", 1, true) and "-" or "") .. width .. "s"
    end
  end)
  return raw_format(changed, unpack(args, 1, select("#", ...)))
end
function string.rep(text, times, separator)
  if type(text) == "string" and type(times) == "number" and (#text + #(separator or "")) * times > limit then
    error("string.rep: the result would be larger than 16 MiB", 2)
  end
  return raw_rep(text, times, separator)
end
function table.concat(list, ...)
  local size = 0
  for i = 1, #list do size = size + #tostring(list[i]) end
  if size > limit then error("table.concat: the result would be larger than 16 MiB", 2) end
  return raw_concat(list, ...)
end
getmetatable("").__metatable = "locked"
`;
