/**
 * `http` and `net`: the forms that scripts use become one call each, \`http.get(url, options)\`.
 */
export const httpPrelude = `
local native, shared = ...
local call, is_secret = shared.call, shared.is_secret

local fields = { headers = true, body = true, json = true, form = true, query = true, timeout = true, retries = true, follow_redirects = true }
local aliases = { params = "query", data = "body" }
local sends = { post = true, put = true, patch = true }

-- Options have names we know, or tables in them; headers are nothing but names and texts
local function is_options(given)
  for name, value in pairs(given) do
    if fields[name] or aliases[name] or type(value) == "table" and not is_secret(value) then return true end
  end
  return next(given) == nil
end
local function copied(given)
  local options = {}
  for name, value in pairs(given or {}) do options[aliases[name] or name] = shared.settle(value) end
  return options
end

local function table_of(given, position, name)
  if given == nil or type(given) == "table" and not is_secret(given) then return given end
  error("bad argument #" .. position .. " to '" .. name .. "' (headers or options expected, got " .. type(given) .. ")", 4)
end

-- (url, body, headers | options), (url, options), (url, headers)
local function options_of(name, second, third)
  second = shared.settle(second)
  local apart = second ~= nil and (third ~= nil or type(second) ~= "table" or is_secret(second) or sends[name] and not is_options(second))
  if not apart then
    local given = table_of(second, 2, name)
    if given == nil then return {} end
    return is_options(given) and copied(given) or { headers = given }
  end
  local rest = table_of(third, 3, name)
  local options = rest and not is_options(rest) and { headers = rest } or copied(rest)
  options.body = second
  return options
end

-- \`json\` is read out of the body when it is first asked for
local function answer(result)
  local before = getmetatable(result)
  local fetch = before and before.__index
  return setmetatable(result, { __index = function(self, name)
    if name == "json" then
      local ok, value = native.parse_json(self.body or "")
      if ok then rawset(self, "json", value) return value end
      return nil
    end
    if fetch then return fetch(self, name) end
  end })
end
local function finish(result, ...)
  if result == nil then return nil, ... end
  return answer(result)
end

http = {}
for _, name in ipairs{"get", "post", "put", "patch", "delete", "head"} do
  http[name] = function(url, second, third)
    if type(url) ~= "table" or is_secret(url) then return finish(call("http." .. name, url, options_of(name, second, third))) end
    local options = copied(url)
    options.url, options.method = nil, nil
    return finish(call("http." .. name, url.url, options))
  end
end
function http.request(first, second, third)
  if type(first) == "table" and not is_secret(first) then return finish(call("http.request", copied(first))) end
  local options = copied(table_of(third or type(second) == "table" and not is_secret(second) and second or nil, 2, "request"))
  if type(second) == "string" or is_secret(second) then
    options.method, options.url = first, second
  else
    options.url = first
  end
  return finish(call("http.request", options))
end

-- \`net\` gives several values: body, status, headers, error
local function values_of(result, err)
  if result == nil then return nil, nil, nil, err end
  return result.body, result.status_code, result.headers
end
net = { get = http.get, post = http.post }
function net.http_get(url, headers) return values_of(http.get(url, headers)) end
function net.http_post(url, body, headers) return values_of(http.post(url, body or "", headers)) end
function net.download(url, path)
  local result, err = http.get(url)
  if result == nil then return err end
  if not result.success then return "the server answered with " .. native.text(result.status_code) end
  local _, failed = call("fs.write", shared.settle(path), result.body)
  return failed
end
shared.modules.http, shared.modules.net = http, net
`;
