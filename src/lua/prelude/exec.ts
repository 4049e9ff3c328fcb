/**
 * `exec`: shell lines as steps.
 */
export const execPrelude = `
local _, shared = ...
local exec = {}
shared.modules.exec, _G.exec = exec, exec

function exec.run(command, options)
  local result, why = shared.call("exec.run", command, options)
  if not result then return nil, why, true end
  result.output = result.stdout
  result.success = result.exit_code == 0
  return result, not result.success and result.stderr or nil, not result.success
end
exec.command = exec.run
`;
