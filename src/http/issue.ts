/** What zod found, in words for people. */
import type { z } from 'zod';

export function describeIssue(issue: z.core.$ZodIssue | undefined): string {
  if (issue === undefined) return 'not as it should be';
  if (issue.code === 'invalid_type' && issue.message.endsWith('received undefined')) return 'is missing';
  return issue.message.replace(/^Invalid input: /, '').replace('undefined', 'nothing');
}
