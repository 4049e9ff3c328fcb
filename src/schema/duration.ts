/** Durations as users write them, see src/domain/duration.ts. */
import { z } from 'zod';

export const duration = z.union([z.string(), z.number()]).describe('"5m", "1h30m", or seconds');
