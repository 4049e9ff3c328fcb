/**
 * `pcall` and `xpcall` that let nobody live on after the budget is spent, in Lua; a part of every prelude. Expects the
 * locals `native` and `raw_xpcall`; leaves `pass`. What `pcall` catches keeps the stack it came from.
 */
export const protectedCalls = `-- Errors that nobody may catch: the budget
local function pass(...)
  native.caught()
  return ...
end
function pcall(f, ...) return pass(raw_xpcall(f, native.remember, ...)) end
function xpcall(...) return pass(raw_xpcall(...)) end
debug = { traceback = native.traceback }
`;
