-- Three tasks at once, and one that waits for all of them
local function count(name)
  return task(name):command(function()
    for _ = 1, 3 do state.increment(name) end
    return true, name .. " counted", { count = state.get(name) }
  end)
end

workflow.define("counting " .. values.round, {
  config = { max_parallel_tasks = 3 },
  tasks = {
    count("one"),
    count("two"),
    count("three"),
    task("sum"):depends_on("one", "two", "three"):command(function(_, deps)
      print("sum " .. (deps.one.count + deps.two.count + deps.three.count))
      return true, "added"
    end),
  },
})
