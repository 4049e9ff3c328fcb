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
  for i = 1, select("#", ...) do native.write(native.text(shared.settle((select(i, ...))))) end
  return io
end)

-- Whatever stands on files is left to \`fs\`
local function default(library, name, value) if rawget(library, name) == nil then rawset(library, name, value) end end
local function stream(members) return setmetatable(members, { __name = "FILE*" }) end
local out
out = stream{ write = function(_, ...) io.write(...) return out end, flush = function() return true end, close = function() return true end }
default(io, "stdin", stream{ read = function(_, ...) return ask(...) end })
default(io, "stdout", out)
default(io, "stderr", out)
default(io, "flush", function() return true end)
default(os, "exit", function(code)
  if code == nil or code == true or code == 0 then error("os.exit: a script ends at its last line; return from it instead", 2) end
  error("os.exit(" .. native.text(code) .. ")", 2)
end)
shared.modules.os, shared.modules.io = os, io
`;
