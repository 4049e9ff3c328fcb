/**
 * How much text goes from step to step (lua-api.md section 1, "Large text"). Whoever holds, passes, reads or refuses one
 * counts by these.
 */

/** Bytes; a larger text stays out of the history, with a handle in its place. */
export const heldFromBytes = 32 * 1024;

/** Bytes of the longest text that a script reads or hands over. */
export const textLimitBytes = 1024 * 1024;

/** As messages call it. */
export const textLimit = '1 MiB';
