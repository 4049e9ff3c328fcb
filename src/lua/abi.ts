/**
 * The number of today's script driver: interpreter, preludes, and what each call of a script becomes. A script keeps the
 * driver it began with; a change that could make an open run take another way gets a new number, after
 * `node scripts/freeze-driver.js OLD` (docs/decisions/0016-lua-abi.md).
 */
export const luaAbi = 3;
