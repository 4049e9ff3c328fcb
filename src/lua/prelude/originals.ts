/**
 * What Lua offers, taken before a script can replace it; the first lines of each part of the prelude that runs while scripts
 * do.
 */
export const originals = `
local native, shared = ...
local error, ipairs, next, pairs, pcall, select, setmetatable, tonumber, tostring, type = error, ipairs, next, pairs, pcall, select, setmetatable, tonumber, tostring, type
local concat, min, max = table.concat, math.min, math.max
`;
