/** Durations as users write them, see src/domain/duration.ts. The mark `duration` is ours: what is no duration is refused. */
import { z } from 'zod';

export const duration = z
  .union([z.string(), z.number()])
  .meta({ duration: true })
  .describe('"5m", "1h30m", or seconds');
