/** What the JSON API takes: the options of the same names as in scripts and on the command line, nothing else. */
import { z } from 'zod';
import {
  deleteOptionsSchema,
  diffOptionsSchema,
  rollbackTargetSchema,
  syncOptionsSchema,
  waitGoalSchema,
} from './call-options.js';
import { promotionConfigSchema } from './promotion-config.js';
import { repositoryConfigSchema } from './repository-config.js';
import { workflowConfigSchema } from './workflow-config.js';

/** Longer than any name or id of ours; without characters that no name has. */
const name = z
  .string()
  .min(1)
  .max(512)
  .regex(/^[^\u0000-\u001f\u007f]+$/, 'control characters are not taken');

const flag = z.enum(['true', 'false']).transform((text) => text === 'true');
const count = z
  .string()
  .regex(/^[1-9]\d{0,3}$/, 'write a number from 1 to 9999')
  .transform(Number);
const reason = z.string().max(1024).optional().describe('why, for the record');
const alone = z.boolean().optional().describe('do not wait for the applications it depends on');
const timeout = z
  .string()
  .max(32)
  .optional()
  .describe('how long to wait, "30s"; at most 5m, 30s unless said otherwise');

export const appPath = z.strictObject({ app: name.describe('id, name, or project/name') });
export const declarePath = z.strictObject({
  app: z
    .string()
    .min(1)
    .max(200)
    .regex(/^[^/\u0000-\u001f\u007f]+$/, 'write its name; the project is a field of the body')
    .describe('its name'),
});
export const syncPath = appPath.extend({
  sync: z
    .string()
    .regex(/^(sync-)?[1-9]\d{0,8}$/, 'write sync-3')
    .describe('sync-<number>'),
});
export const runPath = z.strictObject({ run: name.describe('workflow id, / written as %2F') });

export const declareBody = workflowConfigSchema.omit({ name: true, repository: true, target_path: true }).strict();
export const syncBody = syncOptionsSchema.omit({ timeout: true, wait: true }).extend({ alone, reason }).strict();
export const rollbackBody = rollbackTargetSchema.extend({ reason }).strict();
export const suspendBody = z.strictObject({ reason });
export const autoSyncBody = z.strictObject({ enabled: z.boolean() });
export const actionBody = z.strictObject({
  action: name.describe('as the list of actions calls it'),
  resource: name.describe('[group:]Kind:[namespace/]name'),
  params: z.record(z.string(), z.string().max(4096)).optional().describe('parameters of the action'),
});
export const decisionPath = z.strictObject({
  run: name.describe('as the list has it, / written as %2F; or the name of an application'),
});
export const decisionBody = z.strictObject({
  by: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('in whose name, recorded and not proven; api unless said otherwise'),
  reason: z.string().max(1024).optional().describe('why; the rejection of a plan must say'),
  digest: z.string().max(128).optional().describe('of the plan that was looked at; the one that waits otherwise'),
  revision: z.string().max(64).optional().describe('of a promotion: only when it waits for this commit'),
  question: z.number().int().positive().optional().describe('of a script: which one, when several are open'),
  answer: z.string().max(4096).optional().describe('to a script, "y" or "n" unless said otherwise'),
});
export const promotionBody = promotionConfigSchema.omit({ timeout: true, wait: true }).extend({ reason }).strict();
const pipeline = z.string().regex(/^[\w.-]{1,100}$/, 'use letters, digits, dots and dashes');
export const promotionPath = z.strictObject({
  name: pipeline.describe('of the pipeline'),
  number: z
    .string()
    .regex(/^[1-9]\d{0,8}$/, 'write a number')
    .transform(Number),
});
export const promotionsQuery = z.strictObject({
  name: pipeline.optional().describe('only those of this pipeline'),
  open: flag.optional().describe('true: only those that go on'),
  limit: z
    .string()
    .regex(/^([1-9]\d?|100)$/, 'write a number from 1 to 100')
    .transform(Number)
    .optional()
    .describe('at most n, 20 unless said otherwise'),
});
const repositoryId = z.string().regex(/^[A-Za-z0-9][\w.-]{0,99}$/, 'use letters, digits, dots, dashes and underscores');
export const repositoryPath = z.strictObject({ repository: repositoryId.describe('its id') });
export const repositoryBody = repositoryConfigSchema
  .pick({ branch: true, credentials: true })
  .extend({
    url: z.string().min(1).max(2048).describe('https, ssh, owner/name or an absolute path on the worker'),
    id: repositoryId.optional().describe('the id declarations use; made from the address when absent'),
  })
  .strict();
export const scriptBody = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9][\w.-]{0,99}$/, 'letters, digits, dots, dashes and underscores, 100 at most')
    .describe('of the run, "deploy.lua"'),
  source: z.string().min(1).max(900_000).describe('the script'),
  values: z.record(z.string(), z.unknown()).optional().describe('the table "values"'),
  params: z.record(z.string(), z.string()).optional().describe('parameters of the tasks'),
  modules: z.record(z.string(), z.string()).optional().describe('files that go with it, path -> source'),
  yes: z.boolean().optional().describe('answer every question with yes'),
});
export const lookBody = z.strictObject({
  urls: z.array(z.string().min(1).max(2048)).min(1).max(100).describe('addresses of repositories to look at now'),
});

export const diffQuery = diffOptionsSchema
  .extend({ prune: flag.optional().describe('what pruning would delete') })
  .strict();
export const renderQuery = z.strictObject({ revision: diffOptionsSchema.shape.revision });
export const deleteQuery = deleteOptionsSchema
  .extend({
    prune: flag.optional().describe('true unless said otherwise'),
    cascade: flag.optional().describe('true: what depends on it is deleted first'),
  })
  .strict();
export const historyQuery = z.strictObject({ limit: count.optional().describe('only the last n') });
export const actionsQuery = z.strictObject({ resource: name.optional().describe('only this object') });
export const waitQuery = waitGoalSchema.extend({ timeout }).strict();
export const timeoutQuery = z.strictObject({ timeout });
export const runsQuery = z.strictObject({
  type: name.optional().describe('only workflows of this type'),
  app: name.optional().describe('only those of the application of this name'),
  limit: count.optional().describe('at most n, 50 unless said otherwise'),
});
export const streamQuery = z.strictObject({
  app: name.optional().describe('one application; all of them when neither this nor run is said'),
  run: name.optional().describe('one run: its steps, the lines of a script'),
});
