/**
 * `metrics`: numbers that end up in the run's result; no step, no history event.
 */
export const metricsPrelude = `
local native, shared = ...

local function number_in(value, position, name, default)
  if value == nil then value = default end
  if type(value) ~= "number" then error("bad argument #" .. position .. " to '" .. name .. "' (number expected, got " .. type(value) .. ")", 3) end
  if value ~= value or value == math.huge or value == -math.huge then error("bad argument #" .. position .. " to '" .. name .. "' (finite number expected, got " .. tostring(value) .. ")", 3) end
  return value
end
local function name_in(name, call)
  if type(name) ~= "string" then error("bad argument #1 to '" .. call .. "' (name expected, got " .. type(name) .. ")", 3) end
  return name
end
metrics = {}
function metrics.counter(name, by, tags)
  if type(by) == "table" then by, tags = nil, by end
  return native.metric("counter", name_in(name, "counter"), number_in(by, 2, "counter", 1), tags)
end
function metrics.gauge(name, value, tags)
  native.metric("gauge", name_in(name, "gauge"), number_in(value, 2, "gauge"), tags)
  return true
end
function metrics.histogram(name, value, tags)
  native.metric("histogram", name_in(name, "histogram"), number_in(value, 2, "histogram"), tags)
  return true
end
metrics.increment = metrics.counter

-- What the function gives; its duration in ms when it gives nothing
local function timed(name, tags, started, ...)
  local ms = native.now() - started
  native.metric("timer", name, ms, tags)
  if select("#", ...) == 0 then return ms end
  return ...
end
function metrics.timer(name, body, tags)
  name_in(name, "timer")
  if type(body) ~= "function" then error("bad argument #2 to 'timer' (function expected, got " .. type(body) .. ")", 2) end
  return timed(name, tags, native.now(), body())
end
shared.modules.metrics = metrics
`;
