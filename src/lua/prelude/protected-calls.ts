/**
 * `pcall` and `xpcall` that let nobody live on after the budget is spent, in Lua; a part of every prelude. Expects the
 * locals `native`, `raw_pcall` and `raw_xpcall`; leaves `pass`.
 */
export const protectedCalls = `-- Errors that nobody may catch: the budget
local function pass(...)
  native.caught()
  return ...
end
function pcall(...) return pass(raw_pcall(...)) end
function xpcall(...) return pass(raw_xpcall(...)) end
`;
