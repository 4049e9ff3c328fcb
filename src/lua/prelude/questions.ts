/**
 * `io.read` is a question to a person, `io.write` prints; the lines printed before a question are its prompt.
 */
export const questionsPrelude = `
local native, shared = ...

local function ask(given)
  local question = {}
  if type(given) == "table" then for key, value in pairs(given) do question[key] = value end end
  question.prompt = question.prompt or native.prompt()
  return shared.call("io.read", question)
end
rawset(io, "read", ask)
rawset(io, "write", function(...)
  for i = 1, select("#", ...) do native.write(native.text((select(i, ...)))) end
  return io
end)
rawset(io, "flush", function() return true end)
rawset(io, "lines", function()
  error("io.lines is not available in a durable script: use fs.read", 2)
end)
local function stream(members) return setmetatable(members, { __name = "FILE*" }) end
rawset(io, "stdin", stream{ read = function(_, ...) return ask(...) end })
local out
out = stream{ write = function(self, ...) io.write(...) return self end, flush = function() return true end, close = function() return true end }
rawset(io, "stdout", out)
rawset(io, "stderr", out)

function os.tmpname()
  local fs = rawget(shared.modules, "fs")
  if fs and fs.tmpname then return fs.tmpname() end
  local name = "tmp_"
  for _ = 1, 3 do name = name .. string.format("%06x", native.random(0, 16777215)) end
  return name
end
function os.exit(code)
  if code == nil or code == true or code == 0 then error("os.exit: a script ends at its last line; return from it instead", 2) end
  error("os.exit(" .. native.text(code) .. ")", 2)
end
shared.modules.os, shared.modules.io = os, io
`;
