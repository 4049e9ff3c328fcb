/**
 * The language as data (src/lua/reference) against what checks the calls and what scripts really find.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'luaparse';
import prettier from 'prettier';
import { main } from '../../src/cli/main.js';
import { calls } from '../../src/lua/calls/calls.js';
import { callSchemas, type FieldSchema } from '../../src/lua/generated/call-schemas.js';
import { standardFunctions, standardLibrary } from '../../src/lua/lint/known-names.js';
import { habits } from '../../src/lua/lint/rules/lua51.js';
import { answers } from '../../src/lua/plan/answers.js';
import { SimulatedEngine } from '../../src/lua/plan/simulated-engine.js';
import { modules } from '../../src/lua/reference/modules.js';
import { annotationFiles, annotations } from '../../src/lua/reference/print/luacats.js';
import { pages } from '../../src/lua/reference/print/markdown.js';
import { commonClasses } from '../../src/lua/reference/schema-classes.js';
import { taskKeys, workflowKeys } from '../../src/lua/reference/tasks.js';
import { facts } from './plan-support.js';
import { runLua } from './scripted-host.js';

/** Ignored on purpose, with a warning. */
const ignoredKeys = ['user'];
/** Steps that no script calls by name. */
const internal = /^(artifact|workspace)\./;

const functionsInReference = modules.flatMap((m) => Object.keys(m.functions).map((name) => `${m.name}.${name}`));

describe('the modules', () => {
  const found = async (): Promise<readonly string[]> => {
    const names = modules.map(({ name }) => `"${name}"`).join(', ');
    const source = `for _, m in ipairs{ ${names} } do
      for k, v in pairs(type(_G[m]) == "table" and _G[m] or {}) do if type(v) == "function" or type(v) == "table" and (getmetatable(v) or {}).__call then print(m .. "." .. k) end end end`;
    return (await runLua(source)).lines;
  };

  it('every function that is described is there', async () => {
    const there = await found();
    expect(functionsInReference.filter((name) => !there.includes(name))).toEqual([]);
  });
  it('every function that is there is described', async () =>
    expect((await found()).filter((name) => !functionsInReference.includes(name) && !habits.has(name))).toEqual([]));
  it('every row says what it does and what it gives', () => {
    const described = (name: string) => {
      const [module = '', fn = ''] = name.split('.');
      const entry = modules.find((m) => m.name === module)?.functions[fn];
      return entry !== undefined && entry.describe !== '' && entry.returns.length > 0;
    };
    expect(Object.keys(calls).filter((name) => !internal.test(name) && !described(name))).toEqual([]);
  });
  it('every field of every table says what it is for', () => {
    const without = (schema: FieldSchema, path: string): string[] => [
      ...Object.entries(schema.properties ?? {}).flatMap(([name, field]) => [
        ...(field.description ? [] : [`${path}.${name}`]),
        ...without(field, `${path}.${name}`),
      ]),
      ...[schema.items ?? [], schema.anyOf ?? []].flat().flatMap((inner) => without(inner, path)),
    ];
    expect(Object.entries(callSchemas).flatMap(([name, schema]) => without(schema, name))).toEqual([]);
  });
  it('the names of Lua itself are those that scripts find', async () => {
    const libraries = Object.entries(standardLibrary).flatMap(([m, names]) => names.map((name) => `${m}.${name}`));
    const source = [...libraries, ...standardFunctions]
      .map((name) => `if ${name} == nil then print("${name}") end`)
      .join('\n');
    expect((await runLua(source)).lines).toEqual([]);
  });
});

describe('what a call of gitops gives', () => {
  const engine = new SimulatedEngine(facts, () => 1_790_000_000_000);
  const ask = (call: string, ...args: never[]): unknown => answers[call]?.success(engine, args);
  const id = ask('gitops.create_workflow', { repo: 'a/b' } as never) as never;
  ask('gitops.sync_workflow', id);
  const status = ask('gitops.get_workflow_status', id) as { last_sync_result: { metrics: object } };
  const diff = answers['gitops.generate_diff']?.others.conflicts?.(engine, [id]) as Record<string, object & object[]>;

  it.each<[string, unknown]>([
    ['sloth.Workflow', ask('gitops.workflow', { repo: 'a/b' } as never)],
    ['sloth.Status', status],
    ['sloth.SyncResult', status.last_sync_result],
    ['sloth.SyncMetrics', status.last_sync_result.metrics],
    ['sloth.ListEntry', (ask('gitops.list_workflows') as unknown[])[0]],
    ['sloth.HistoryEntry', (ask('gitops.history', id) as unknown[])[0]],
    ['sloth.Diff', diff],
    ['sloth.DiffSummary', diff['summary']],
    ['sloth.Change', diff['changes']?.[0]],
    ['sloth.Conflict', diff['conflicts']?.[0]],
  ])('%s has the fields of the plan, and no others', (name, table) => {
    const fields = commonClasses.find((entry) => entry.name === name)?.fields ?? [];
    const keys = Object.keys(table as object);
    expect(keys.filter((key) => !fields.some((field) => field.name === key))).toEqual([]);
    const needed = fields.filter(({ optional }) => !optional).map((field) => field.name);
    expect(needed.filter((field) => !keys.includes(field))).toEqual([]);
  });
});

/** A value of a key's type, as Lua. */
function sampleOf(type: string): string {
  const samples: readonly (readonly [RegExp, string])[] = [
    [/^"(\w+)"/, `"${/^"(\w+)"/.exec(type)?.[1]}"`],
    [/^(string\|)?fun\(/, 'function() return true end'],
    [/^boolean/, 'true'],
    [/^number|^string\|number/, '1'],
    [/^string/, '"x"'],
  ];
  return samples.find(([pattern]) => pattern.test(type))?.[1] ?? '{}';
}

describe('tasks and workflows', () => {
  it('every key of a task has an effect', async () => {
    const methods = taskKeys.map(({ name, type }) => `t:${name}(${sampleOf(type)})`).join('\n');
    const { result } = await runLua(`local t = task("a")\n${methods}`);
    const without = result.warnings.flatMap((text) => /^'(\w+)' has no effect/.exec(text)?.[1] ?? []);
    expect(without.filter((name) => !ignoredKeys.includes(name))).toEqual([]);
  });
  it('every key of a workflow has an effect', async () => {
    const methods = workflowKeys.map(({ name, type }) => `w:${name}(${sampleOf(type)})`).join('\n');
    expect((await runLua(`local w = workflow.define("w")\n${methods}`)).result.warnings).toEqual([]);
  });
});

describe('annotations for lua-language-server', () => {
  const files = { ...annotationFiles(), 'sloth.lua': annotations() };
  const text = annotations();

  it.each(Object.keys(files))('%s is Lua', (name) =>
    expect(() => parse(files[name as keyof typeof files] ?? '', { luaVersion: '5.3' })).not.toThrow(),
  );
  it.each(Object.keys(files))('%s is a meta file', (name) =>
    expect(files[name as keyof typeof files]).toMatch(/^---@meta\n/),
  );
  it('name no type that is not declared', () => {
    const declared = new Set([...text.matchAll(/^---@class (\S+)/gm)].map((m) => m[1]));
    const named = [...text.matchAll(/^---@(?:field|param|return|type) (.*)$/gm)].flatMap(([, line = '']) => [
      ...line.matchAll(/\bsloth\.[\w.]+\w/g),
    ]);
    expect([...new Set(named.map(([name]) => name))].filter((name) => !declared.has(name))).toEqual([]);
  });
  it('declare each class once', () => {
    const names = [...text.matchAll(/^---@class (\S+)/gm)].map((m) => m[1]);
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  });
  it('say of each parameter and value what it is', () => {
    const pattern = /^---@(param \S+ \S+.*|return \S+.*|field \S+ \S+.*|class \S+|meta|type \S+.*)$/;
    expect(text.split('\n').filter((line) => line.startsWith('---@') && !pattern.test(line))).toEqual([]);
  });
  it.each([
    '---@field auto_sync? boolean sync by itself when the repository changes; the first sync starts in the background',
    '---@field sync_policy? sloth.WorkflowConfig.SyncPolicy pruning, retries, health and hooks',
    '---@class sloth.WorkflowConfig.SyncPolicy.HealthCheck.Checks',
    '---@field token? string|sloth.Secret an access token: secret("name"), "env:NAME" or "file:PATH"',
    '---@param config sloth.WorkflowConfig\n---@return sloth.Workflow? workflow\n---@return string? err\nfunction gitops.workflow(config) end',
    '---@param workflow_id string\n---@param options? sloth.SyncOptions',
    '---@param count number further attempts\n---@param backoff? "exponential"|"linear"|"fixed" how the pauses grow\n---@return sloth.TaskBuilder self\nfunction TaskBuilder:retries(count, backoff) end',
    '---@field on_complete? fun(success: boolean, results: table<string, sloth.TaskResult>) Once, at the end.',
    'notification = notifications',
  ])('hold %s', (part) => expect(text).toContain(part));
  it('are written by `lua types --dir`, a file each', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'sloth-types-'));
    expect(await main(['lua', 'types', '--dir', dir])).toBe(0);
    expect(readdirSync(dir).sort()).toEqual(Object.keys(annotationFiles()).sort());
    expect(readFileSync(join(dir, 'gitops.lua'), 'utf8')).toBe(annotationFiles()['gitops.lua']);
    rmSync(dir, { recursive: true });
  });
});

describe('docs/lua', () => {
  const folder = new URL('../../docs/lua/', import.meta.url);
  it.each(Object.keys(pages()))('%s is what `npm run generate` writes', async (name) => {
    const path = new URL(name, folder);
    const options = await prettier.resolveConfig(path.pathname);
    const text = await prettier.format(pages()[name] ?? '', { ...options, parser: 'markdown' });
    expect(readFileSync(path, 'utf8')).toBe(text);
  });
});
