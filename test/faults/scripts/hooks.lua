-- Hooks and further attempts, each of which calls the engine
local attempts = 0
workflow.define("hooked " .. values.round, {
  on_start = function() state.list_push("log", "start") end,
  on_complete = function(success)
    state.list_push("log", "complete " .. tostring(success))
    print(table.concat(state.get("log"), ", "))
  end,
  tasks = {
    task("second time lucky")
      :retries(2, "fixed")
      :pre_hook(function() state.list_push("log", "pre") end)
      :command(function()
        attempts = attempts + 1
        state.list_push("log", "attempt " .. attempts)
        return attempts == 2, "attempt " .. attempts
      end)
      :on_success(function() state.list_push("log", "success") end)
      :on_failure(function() state.list_push("log", "failure") end)
      :post_hook(function() state.list_push("log", "post") end),
  },
})
