/**
 * The last part: the prelude goes on with the globals as they are now, before the first line of the script.
 */
export const ownCopiesPrelude = `
local own, real, next, rawset, type, setmetatable = _ENV, _G, next, rawset, type, setmetatable
setmetatable(own, nil)
local function copy_of(library)
  local copy = {}
  for name, member in next, library do copy[name] = member end
  return copy
end
local libraries = { string = true, table = true, math = true, coroutine = true, os = true, utf8 = true, data = true, fs = true }
for name, value in next, real do rawset(own, name, libraries[name] and copy_of(value) or value) end
`;
