/**
 * `fs`, and the parts of Lua's own library that stand on it: `io.open`, `io.popen`, `io.lines`, `os.remove`, `os.rename`,
 * `os.tmpname`. A file that is open is its whole text in memory; it is written when it is closed or flushed.
 */
export const filesPrelude = `
local native, shared = ...
local settle, exec = shared.settle, shared.modules.exec
local fs = {}
shared.modules.fs, _G.fs = fs, fs

for _, name in ipairs{"write", "append", "exists", "mkdir", "rm", "rm_r", "copy", "ls", "size"} do
  fs[name] = function(path, text) return shared.call("fs." .. name, settle(path), settle(text)) end
end
function fs.read(path)
  local answer, why = shared.call("fs.read", settle(path))
  if not answer then return nil, why end
  return answer.text
end
fs.rmr = fs.rm_r

local names = 0
function fs.tmpname()
  names = names + 1
  return "tmp_" .. string.format("%06d", names)
end

-- Files

local File = {}
File.__index = File
File.__tostring = function(self) return self.closed and "file (closed)" or "file (" .. self.name .. ")" end
File.__name = "FILE*"

local function file(name, text, fields)
  local self = { name = name, text = text, at = 1 }
  for key, value in pairs(fields) do self[key] = value end
  return setmetatable(self, File)
end

local function open_file(self)
  if self.closed then error("attempt to use a closed file", 3) end
end

local function line(self, ending)
  if self.at > #self.text then return nil end
  local stop = self.text:find("\\n", self.at, true)
  local found = self.text:sub(self.at, stop and (ending and stop or stop - 1) or #self.text)
  self.at = (stop or #self.text) + 1
  return found
end

local readers = {
  l = function(self) return line(self, false) end,
  L = function(self) return line(self, true) end,
  a = function(self)
    local rest = self.text:sub(self.at)
    self.at = #self.text + 1
    return rest
  end,
  n = function(self)
    local first, last = self.text:find("^%s*[-+]?[%w.]+", self.at)
    if not first then return nil end
    self.at = last + 1
    return tonumber(self.text:sub(first, last))
  end,
}

local function read_one(self, format)
  if type(format) == "number" then
    if self.at > #self.text and format > 0 then return nil end
    local found = self.text:sub(self.at, self.at + format - 1)
    self.at = self.at + #found
    return found
  end
  local reader = readers[tostring(format):gsub("^%*", ""):sub(1, 1)]
  if not reader then error("bad argument to 'read' (invalid format)", 3) end
  return reader(self)
end

function File:read(...)
  open_file(self)
  if not self.readable then return nil, self.name .. ": is open for writing", 9 end
  if select("#", ...) == 0 then return read_one(self, "l") end
  local formats, found = { ... }, {}
  for i = 1, #formats do
    found[i] = read_one(self, formats[i])
    if found[i] == nil then return table.unpack(found, 1, i) end
  end
  return table.unpack(found, 1, #formats)
end

function File:lines(format)
  open_file(self)
  return function()
    if self.closed then error("file is already closed", 2) end
    return read_one(self, format or "l")
  end
end

function File:write(...)
  open_file(self)
  if not self.writable then return nil, self.name .. ": is open for reading", 9 end
  local parts = { ... }
  for i = 1, #parts do
    local part = settle(parts[i])
    if type(part) ~= "string" and type(part) ~= "number" then
      error("bad argument #" .. i .. " to 'write' (string expected, got " .. type(part) .. ")", 2)
    end
    parts[i] = tostring(part)
  end
  local text = table.concat(parts)
  if self.appends then self.at = #self.text + 1 end
  self.text = self.text:sub(1, self.at - 1) .. text .. self.text:sub(self.at + #text)
  self.at = self.at + #text
  self.changed = true
  return self
end

function File:seek(whence, offset)
  open_file(self)
  if type(whence) == "number" then whence, offset = "cur", whence end
  local from = ({ set = 0, cur = self.at - 1, ["end"] = #self.text })[whence or "cur"]
  if not from then error("bad argument #1 to 'seek' (invalid option '" .. tostring(whence) .. "')", 2) end
  local to = from + (offset or 0)
  if to < 0 or to > #self.text then return nil, self.name .. ": there is nothing at " .. to, 22 end
  self.at = to + 1
  return to
end

function File:setvbuf() return true end

function File:flush()
  open_file(self)
  if not self.changed or not self.save then return self end
  local ok, why = self:save()
  if not ok then return nil, why, 5 end
  self.changed = false
  return self
end

function File:close()
  open_file(self)
  local ok, why, code = self:flush()
  self.closed = true
  if not ok then return nil, why, code end
  if self.ended then return self:ended() end
  return true
end

local function write_all(self) return fs.write(self.name, self.text) end
-- What was there when it was opened is in the file already
local function append_rest(self)
  local text = self.text:sub(self.kept + 1)
  self.kept = #self.text
  return fs.append(self.name, text)
end

function io.open(path, mode)
  path = settle(path)
  if type(path) ~= "string" then error("bad argument #1 to 'open' (path expected, got " .. type(path) .. ")", 2) end
  if type(mode) ~= "string" and mode ~= nil then error("bad argument #2 to 'open' (mode expected, got " .. type(mode) .. ")", 2) end
  mode = (mode or "r"):gsub("b", "")
  if not mode:match("^[rwa]%+?$") then error("bad argument #2 to 'open' (invalid mode)", 2) end
  local kind, plus = mode:sub(1, 1), mode:sub(2) == "+"
  local text = ""
  if kind == "r" or (kind == "a" and plus) then
    local found, why = fs.read(path)
    if found == nil and kind == "r" then return nil, why, 2 end
    text = found or ""
  end
  return file(path, text, {
    readable = kind == "r" or plus, writable = kind ~= "r" or plus, appends = kind == "a", kept = #text,
    changed = kind == "w", save = kind == "a" and append_rest or write_all,
  })
end

function io.lines(path, format)
  local opened, why = io.open(path)
  if not opened then error(why, 2) end
  return opened:lines(format)
end

local function status(result)
  local code = result.exit_code
  return result.success or nil, code >= 0 and "exit" or "signal", code
end

function io.popen(command, mode)
  mode = mode or "r"
  if mode ~= "r" and mode ~= "w" then error("bad argument #2 to 'popen' (invalid mode)", 2) end
  if mode == "r" then
    local result, why = exec.run(command)
    if not result then return nil, why, 1 end
    return file(command, result.stdout, { readable = true, ended = function() return status(result) end })
  end
  return file(command, "", { writable = true, ended = function(self)
    local result, why = exec.run(command, { stdin = self.text })
    if not result then return nil, why, 1 end
    if result.stdout ~= "" then native.log("print", (result.stdout:gsub("\\n$", ""))) end
    return status(result)
  end })
end

function io.type(value)
  if getmetatable(value) ~= File then return nil end
  return value.closed and "closed file" or "file"
end
function io.close(opened) return opened:close() end

function os.remove(path)
  local ok, why = fs.rm(path)
  if not ok then return nil, why, 1 end
  return true
end
function os.rename(from, to)
  local ok, why = fs.copy(from, to)
  if ok then ok, why = fs.rm_r(from) end
  if not ok then return nil, why, 1 end
  return true
end
function os.tmpname() return fs.tmpname() end
`;
