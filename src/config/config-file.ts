/**
 * `config.yaml`: its schema, and errors that name file and line.
 */
import { readFileSync } from 'node:fs';
import { LineCounter, parseDocument, type Document } from 'yaml';
import { z } from 'zod';
import { parseDuration } from '../domain/duration.js';
import { GitOpsError } from '../domain/errors.js';
import { duration } from '../schema/duration.js';
import { nearest } from '../domain/nearest.js';
import { policySourcesSchema, projectSchema } from './policy-schema.js';

const clusterSchema = z.strictObject({
  kubeconfig: z.string().optional().describe('kubeconfig file'),
  context: z.string().optional().describe('context in it, default its current one'),
  allow_exec: z.boolean().optional().describe('whether credential plugins of that kubeconfig may run'),
  qps: z.number().positive().optional().describe('requests a second of one worker process'),
  burst: z.int().positive().optional().describe('requests at once after a pause, default twice the qps'),
  max_concurrent: z.int().positive().max(24).optional().describe('requests under way of one worker process'),
});

const reference = z
  .string()
  .regex(/^(env|file|secret):./, 'write a reference: env:NAME, file:PATH or secret:NAME')
  .optional();

/** `region` and credentials are looked for by the AWS SDK when they are absent. */
const s3Schema = z
  .strictObject({
    bucket: z.string().min(3),
    prefix: z
      .string()
      .regex(/^[\w.-]+(\/[\w.-]+)*\/?$/, 'letters, digits, `.`, `_`, `-`, with `/` between them')
      .optional(),
    endpoint: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe('of a store that is not AWS'),
    region: z.string().optional(),
    path_style: z.boolean().optional().describe('endpoint/bucket instead of bucket.endpoint; default with an endpoint'),
    access_key: reference,
    secret_key: reference,
    session_token: reference,
  })
  .refine((s3) => (s3.access_key === undefined) === (s3.secret_key === undefined), {
    error: 'access_key and secret_key go together',
  });

function isInterval(text: string | number): boolean {
  try {
    return text === 'never' || parseDuration(text) > 0;
  } catch {
    return false;
  }
}

export const configFileSchema = z.strictObject({
  mode: z.enum(['development', 'production']).optional(),
  allowed_folders: z
    .array(z.string())
    .optional()
    .describe('folders whose git repositories may be used outside development'),
  allow_http: z.boolean().optional().describe('allow plain http to git servers'),
  allow_shell: z.boolean().optional().describe('whether sync hooks and scripts may run shell lines on the worker'),
  http: z
    .strictObject({ allow_link_local: z.boolean().optional() })
    .optional()
    .describe('what scripts may talk to: link-local addresses are refused by default'),
  repository_base_url: z.string().optional().describe('what owner/name is a part of'),
  url_rewrites: z.record(z.string(), z.string()).optional().describe('prefix -> replacement for repository URLs'),
  kubeconfig: z.string().optional(),
  context: z.string().optional(),
  clusters: z.record(z.string(), clusterSchema).optional(),
  artifacts: z.strictObject({ s3: s3Schema }).optional().describe('where artifacts lie, default a folder of the home'),
  secrets: z.record(z.string(), z.string()).optional().describe('name -> env:NAME or file:PATH'),
  health_checks: z.string().optional().describe('folder of health scripts, <group>/<Kind>/health.lua'),
  drift_interval: duration
    .refine(isInterval, 'write "3m", "1h30m", seconds as a number, or "never"')
    .optional()
    .describe('how often each cluster is looked at for drift, or "never"'),
  environment: z.array(z.string()).optional().describe('environment variables scripts may read'),
  policies: policySourcesSchema.optional(),
  projects: z.record(z.string(), projectSchema).optional().describe('name -> what its applications may do'),
  temporal: z.strictObject({ address: z.string().optional(), namespace: z.string().optional() }).optional(),
});

export type ConfigFile = z.infer<typeof configFileSchema>;

/** @returns an empty configuration when there is no file @throws GitOpsError InvalidConfig with file:line */
export function readConfigFile(path: string): ConfigFile {
  const text = readText(path);
  if (text === undefined) return {};
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const [broken] = document.errors;
  if (broken !== undefined) {
    throw new GitOpsError(
      'InvalidConfig',
      `${path}:${lines.linePos(broken.pos[0]).line}: ${broken.message.split('\n')[0]}`,
    );
  }
  const parsed = configFileSchema.safeParse(document.toJS() ?? {});
  if (parsed.success) return parsed.data;
  throw invalid(path, parsed.error, document, lines);
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new GitOpsError('InvalidConfig', `cannot read ${path}: ${(error as Error).message}`, { cause: error });
  }
}

function invalid(path: string, error: z.ZodError, document: Document, lines: LineCounter): GitOpsError {
  const [issue] = error.issues;
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
  const field = [...(issue?.path ?? []), ...(unknown === undefined ? [] : [unknown])];
  const where = `${path}:${lineOf(document, field, lines)}`;
  if (unknown === undefined) return new GitOpsError('InvalidConfig', `${where}: ${field.join('.')}: ${issue?.message}`);
  const known = settingsAt(field.slice(0, -1));
  const near = nearest(unknown, known);
  return new GitOpsError('InvalidConfig', `${where}: '${field.join('.')}' is no setting`, {
    hint: near === undefined ? `settings: ${known.join(', ')}` : `did you mean '${near}'?`,
  });
}

/** Of what is at the path, or at the top when that has no settings of its own. */
function settingsAt([first, ...rest]: readonly PropertyKey[]): string[] {
  if (first === 'projects' && rest.length === 1) return Object.keys(projectSchema.shape);
  if (first === 'clusters' && rest.length === 1) return Object.keys(clusterSchema.shape);
  if (first === 'artifacts') return rest.length === 0 ? ['s3'] : Object.keys(s3Schema.shape);
  return Object.keys(configFileSchema.shape);
}

/** Line of the innermost node of the path that the file holds. */
function lineOf(document: Document, path: readonly PropertyKey[], lines: LineCounter): number {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true) as { range?: [number, number, number] } | undefined;
    if (node?.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}
