/**
 * What Lua 5.1 had and 5.3 has not, in Lua; a part of every prelude. Expects the locals `native` and `unpack`.
 */
export const lua51Names = `-- 5.1 names
_G.unpack = unpack
_G.loadstring = function(text, name) return _G.load(text, name, "t") end
local raw_load = load
local chunk_limit = 1024 * 1024
-- The parser would ask a function for pieces without an instruction of the machine in between
local function pieces_of(next_piece)
  local pieces, size = {}, 0
  repeat
    local piece = next_piece()
    if piece ~= nil and type(piece) ~= "string" then error("reader function must return a string", 3) end
    pieces[#pieces + 1] = piece
    size = size + #(piece or "")
  until piece == nil or piece == "" or size > chunk_limit
  return table.concat(pieces)
end
_G.load = function(chunk, name, mode, env)
  if type(chunk) == "function" then chunk, name = pieces_of(chunk), name or "=(load)" end
  if type(chunk) ~= "string" then error("bad argument #1 to 'load' (string expected, got " .. type(chunk) .. ")", 2) end
  if #chunk > chunk_limit then return nil, "a chunk of more than 1 MiB is not loaded" end
  if type(name) == "string" then name = (name:gsub("^@=", "=")) end
  native.charge(100 + #chunk)
  if env == nil then return raw_load(chunk, name or chunk, "t") end
  return raw_load(chunk, name or chunk, "t", env)
end
table.getn = function(t) return #t end
table.maxn = function(t)
  local max = 0
  for k in pairs(t) do if type(k) == "number" and k > max then max = k end end
  return max
end
table.foreach = function(t, f)
  for k, v in pairs(t) do
    local result = f(k, v)
    if result ~= nil then return result end
  end
end
table.foreachi = function(t, f)
  for i = 1, #t do
    local result = f(i, t[i])
    if result ~= nil then return result end
  end
end
math.pow = function(a, b) return a ^ b end
math.mod = math.fmod
math.log10 = function(x) return math.log(x, 10) end
math.ldexp = function(m, e) return m * 2 ^ e end
math.frexp = function(x)
  if x == 0 or x ~= x or x == math.huge or x == -math.huge then return x, 0 end
  local e, m = 0, x < 0 and -x or x
  while m >= 1 do m, e = m / 2, e + 1 end
  while m < 0.5 do m, e = m * 2, e - 1 end
  return x < 0 and -m or m, e
end
math.random = native.random
math.randomseed = function() end
string.gfind = string.gmatch
for _, name in ipairs{"setfenv", "getfenv"} do
  _G[name] = function() error(name .. " is not available: pass an environment table as the fourth argument of load", 2) end
end
for name, advice in pairs{ module = "return a table", newproxy = "use a table" } do
  _G[name] = function() error(name .. " is not available: " .. advice, 2) end
end
-- Memory is counted by the machine; there is nothing to collect by hand
collectgarbage = function() return 0 end
gcinfo = collectgarbage
string.dump = nil
for _, name in ipairs{"dofile", "loadfile"} do _G[name] = nil end
`;
