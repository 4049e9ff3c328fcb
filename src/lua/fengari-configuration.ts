/**
 * What Fengari reads from FENGARICONF while it is loaded: whole floats print without `.0`, as in Lua 5.1; a stack has so
 * many values, of which one call can copy most in one instruction. jest.config.js says the same.
 */
export const fengariConfiguration = JSON.stringify({ LUA_COMPAT_FLOATSTRING: true, LUAI_MAXSTACK: 200_000 });
