/// <reference path="./fengari-types.d.ts" />
/**
 * Makes Fengari count as Lua 5.1 did: doubles everywhere, whole ones without `.0`. Its own integers have 32 bits and
 * wrap silently. Import this before anything else of Fengari.
 */
import luaconf from 'fengari/src/luaconf.js';

/** Fengari's modules read this constant when they are loaded; setting it first reaches them all. */
luaconf['LUA_COMPAT_FLOATSTRING'] = true;
