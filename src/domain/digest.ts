/**
 * By what an artifact is found again.
 */

/** sha256 of an artifact's bytes, lower-case hex. */
export type Digest = string;
