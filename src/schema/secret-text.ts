/** Fields that may carry secrets: `interpolated` is ours, the checker of Lua calls lets references through. */
import { z } from 'zod';

/** A text, a reference, or a text with references in it. */
export const secretText = z.union([z.string(), z.number()]).meta({ interpolated: true });

/** Anything, with references wherever there is text. */
export const interpolated = z.unknown().meta({ interpolated: true });
