/**
 * `notifications` (also `notification`): \`notifications.slack{...}\`, \`notifications.slack.send{...}\`, \`notifications.send{service = "slack", ...}\`.
 */
export const notificationsPrelude = `
local _, shared = ...
local call, is_secret = shared.call, shared.is_secret

local services = {
  slack = { first = "webhook_url", aliases = { webhook = "webhook_url", url = "webhook_url", text = "message" } },
  teams = { first = "webhook_url", aliases = { webhook = "webhook_url", url = "webhook_url", text = "message" } },
  ntfy = { first = "topic", aliases = { url = "server", body = "message" } },
  webhook = { first = "url", aliases = { webhook_url = "url", data = "payload", body = "payload", json = "payload" } },
  email = { first = "to", aliases = { body = "message", text = "message", smtp_host = "host", smtp_port = "port", user = "username" } },
}
local function fields_of(name, given, message, more)
  local service, fields = services[name], {}
  if type(given) ~= "table" or is_secret(given) then
    fields[service.first], fields.message = given, message
    given = type(more) == "table" and more or {}
  end
  for key, value in pairs(given) do fields[service.aliases[key] or key] = shared.settle(value) end
  return fields
end

notifications = {}
for name in pairs(services) do
  local function send(...) return call("notifications." .. name, fields_of(name, ...)) end
  notifications[name] = setmetatable({ send = send }, { __call = function(_, ...) return send(...) end })
end
function notifications.send(given)
  if type(given) ~= "table" then error("bad argument #1 to 'send' (a table expected, got " .. type(given) .. ")", 2) end
  local name = given.service or given.type or given.provider
  if not services[name] then error("bad field 'service' in 'send' (slack, teams, ntfy, webhook, email expected, got " .. tostring(name) .. ")", 2) end
  local fields = {}
  for key, value in pairs(given) do
    if key ~= "service" and key ~= "type" and key ~= "provider" then fields[key] = value end
  end
  return notifications[name].send(fields)
end
notification = notifications
shared.modules.notifications, shared.modules.notification = notifications, notifications
`;
