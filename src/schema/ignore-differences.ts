/** `ignore_differences` of a declaration; the keys may be spelled as Argo CD does. */
import { z } from 'zod';

export const ignoreDifferencesSchema = z.array(
  z.strictObject({
    group: z.string().optional(),
    kind: z.string().optional(),
    name: z.string().optional(),
    namespace: z.string().optional(),
    json_pointers: z.array(z.string()).optional(),
    jsonPointers: z.array(z.string()).optional(),
    managers: z.array(z.string()).optional(),
    managedFieldsManagers: z.array(z.string()).optional(),
  }),
);

export type IgnoreDifferencesConfig = z.infer<typeof ignoreDifferencesSchema>;
