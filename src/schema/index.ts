/** The schema of each table that a call takes. */
import { z } from 'zod';
import {
  approveOptionsSchema,
  deleteOptionsSchema,
  diffOptionsSchema,
  listFilterSchema,
  rollbackTargetSchema,
  syncOptionsSchema,
  waitGoalSchema,
} from './call-options.js';
import { httpOptionsSchema, httpRequestSchema } from './http-options.js';
import { emailSchema, ntfySchema, slackSchema, teamsSchema, webhookSchema } from './notifications.js';
import { questionSchema } from './question.js';
import { execOptionsSchema } from './exec-options.js';
import { gitSchemas } from './git-options.js';
import { repositoryConfigSchema } from './repository-config.js';
import { workflowConfigSchema } from './workflow-config.js';
import { workspaceRequestSchema } from './workspace-request.js';

export const callSchemas = {
  workflow: workflowConfigSchema,
  repository: repositoryConfigSchema,
  sync: syncOptionsSchema,
  diff: diffOptionsSchema,
  list: listFilterSchema,
  rollback: rollbackTargetSchema,
  wait: waitGoalSchema,
  approve: approveOptionsSchema,
  delete: deleteOptionsSchema,
  http: httpOptionsSchema,
  httpRequest: httpRequestSchema,
  slack: slackSchema,
  teams: teamsSchema,
  ntfy: ntfySchema,
  webhook: webhookSchema,
  email: emailSchema,
  question: questionSchema,
  exec: execOptionsSchema,
  ...gitSchemas,
  workspace: workspaceRequestSchema,
} as const;

/** Source text of `src/lua/generated/call-schemas.ts`. */
export function generateCallSchemas(): string {
  const data = Object.fromEntries(
    Object.entries(callSchemas).map(([name, schema]) => {
      const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io: 'input' });
      return [name, rest];
    }),
  );
  return `/* Generated from src/schema by \`npm run generate\`; do not edit. */
export interface FieldSchema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, FieldSchema>>;
  readonly additionalProperties?: boolean | FieldSchema;
  readonly required?: readonly string[];
  readonly items?: FieldSchema;
  readonly enum?: readonly string[];
  readonly const?: string;
  readonly anyOf?: readonly FieldSchema[];
  readonly reference?: boolean;
  readonly duration?: true | 'or never';
  /** References to secrets may stand in it, also inside longer texts. */
  readonly interpolated?: boolean;
  readonly description?: string;
}

export type SchemaName = ${Object.keys(callSchemas)
    .map((name) => `'${name}'`)
    .join(' | ')};

export const callSchemas: Readonly<Record<SchemaName, FieldSchema>> = ${JSON.stringify(data, null, 1)} as never;
`;
}
