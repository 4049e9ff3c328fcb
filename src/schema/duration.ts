/** Durations as users write them, see src/domain/duration.ts. The mark `duration` is ours: what is no duration is refused. */
import { z } from 'zod';

const text = '"5m", "1h30m", or seconds';

export const duration = z.union([z.string(), z.number()]).meta({ duration: true }).describe(text);

export const durationOrNever = z
  .union([z.string(), z.number()])
  .meta({ duration: 'or never' })
  .describe(`${text}, or "never"`);
