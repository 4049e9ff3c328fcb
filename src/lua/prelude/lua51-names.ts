/**
 * What Lua 5.1 had and 5.3 has not, in Lua; a part of every prelude. Expects the locals `native` and `unpack`.
 */
export const lua51Names = `-- 5.1 names
_G.unpack = unpack
_G.loadstring = function(text, name) return _G.load(text, name, "t") end
local raw_load = load
_G.load = function(chunk, name, mode, env)
  native.charge(100 + (type(chunk) == "string" and #chunk or 0))
  if env == nil then return raw_load(chunk, name, "t") end
  return raw_load(chunk, name, "t", env)
end
table.getn = function(t) return #t end
table.maxn = function(t)
  local max = 0
  for k in pairs(t) do if type(k) == "number" and k > max then max = k end end
  return max
end
math.pow = function(a, b) return a ^ b end
math.random = native.random
math.randomseed = function() end
string.gfind = string.gmatch
for _, name in ipairs{"setfenv", "getfenv"} do
  _G[name] = function() error(name .. " is not available: pass an environment table as the fourth argument of load", 2) end
end
for _, name in ipairs{"dofile", "loadfile", "collectgarbage"} do _G[name] = nil end
`;
