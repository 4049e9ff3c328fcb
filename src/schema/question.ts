/** `io.read{...}`: a question to a person. */
import { z } from 'zod';
import { duration } from './duration.js';

export const questionSchema = z.strictObject({
  prompt: z.string().optional().describe('default: the lines printed before'),
  timeout: duration.optional().describe('then the answer is "n"; default 24 hours'),
});
