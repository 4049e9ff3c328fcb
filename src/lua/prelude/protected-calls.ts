/**
 * `pcall` and `xpcall` that let nobody live on after the budget is spent, in Lua; a part of every prelude. Expects the
 * locals `native` and `raw_xpcall`; leaves `pass`. What `pcall` catches keeps the stack it came from. While a message handler
 * runs, the machine knows: nothing can wait there.
 */
export const protectedCalls = `-- Errors that nobody may catch: the budget
local function pass(...)
  native.caught()
  return ...
end
function pcall(f, ...) return pass(raw_xpcall(f, native.remember, ...)) end
local handling = false
local function back_to(before, ...)
  handling = before
  native.handling(before)
  return ...
end
function xpcall(f, handler, ...)
  if type(handler) ~= "function" then return pass(raw_xpcall(f, handler, ...)) end
  local before = handling
  local function told(...)
    back_to(true)
    return back_to(before, handler(...))
  end
  return back_to(before, pass(raw_xpcall(f, told, ...)))
end
debug = { traceback = native.traceback }
`;
