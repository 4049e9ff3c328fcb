/** `ignore_differences` of a declaration; the keys may be spelled as Argo CD does. */
import { z } from 'zod';

export const ignoreDifferencesSchema = z.array(
  z.strictObject({
    group: z.string().optional().describe('API group; all when absent'),
    kind: z.string().optional().describe('kind; all when absent'),
    name: z.string().optional().describe('name of the object; all when absent'),
    namespace: z.string().optional().describe('namespace of the object; all when absent'),
    json_pointers: z.array(z.string()).optional().describe('fields to leave alone, "/spec/replicas"'),
    jsonPointers: z.array(z.string()).optional().describe('json_pointers, as Argo CD spells it'),
    managers: z.array(z.string()).optional().describe('field managers whose fields are left alone'),
    managedFieldsManagers: z.array(z.string()).optional().describe('managers, as Argo CD spells it'),
  }),
);

export type IgnoreDifferencesConfig = z.infer<typeof ignoreDifferencesSchema>;
