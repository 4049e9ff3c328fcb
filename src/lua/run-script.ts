/**
 * Runs a script from top to bottom, then the workflows it defined. The same inputs and the same answers of the host
 * give the same steps in the same order: that is what makes a script durable.
 */
import type { CallState } from './call-host.js';
import { CallCount } from './call-limits.js';
import { pushData, toData } from './conversion.js';
import { lua, to_luastring, type LuaState } from './fengari.js';
import {
  Interruption,
  type Data,
  type Host,
  type Script,
  type ScriptResult,
  type TaskResult,
  type WorkflowResult,
} from './host.js';
import { loadKept } from './kept-chunks.js';
import { makeOwnGlobals, useOwnGlobals } from './own-globals.js';
import { runLimits, type RunLimits } from './limits.js';
import { MetricBook } from './metrics.js';
import { pushNatives } from './natives.js';
import { firstPart, laterParts } from './prelude/parts.js';
import { Printer } from './printer.js';
import { Threads } from './threads.js';
import { LuaVm } from './vm.js';

const shared = to_luastring('shared');
const native = to_luastring('native');

/**
 * @throws GitOpsError ScriptSyntax, ScriptFailed, LuaBudgetExceeded; unchanged what `host` rejects with, when it is a
 *   cancellation or has no code
 */
export async function runScript(script: Script, host: Host, limits: RunLimits = runLimits): Promise<ScriptResult> {
  const warnings = new Set<string>();
  const vm = new LuaVm(host.pause === undefined ? { ...limits, slice: Infinity } : limits, {
    pause: host.pause?.bind(host),
    clock: () => host.now(),
  });
  const warn = (text: string): void => host.log({ level: 'warn', text });
  const state: CallState = {
    vm,
    threads: new Threads(vm, host),
    host,
    script,
    startedAt: host.now(),
    printer: new Printer((line) => host.log(line)),
    metrics: new MetricBook(),
    steps: 0,
    traces: new Map(),
    limit: new CallCount(limits, warn),
    warn: (text) => void warnings.add(text),
  };
  await install(state);
  const body = vm.load(script.source, script.name);
  const workflows = await runAll(state, body).finally(() => state.printer.flush());
  if (host.cancelled?.()) throw new Interruption('cancelled');
  const success = workflows.every((w) => w.success);
  const numbers = recorded(state);
  return { success, workflows, warnings: [...warnings], ...numbers };
}

function recorded({ metrics, warn }: CallState): Pick<ScriptResult, 'metrics'> {
  if (metrics.warning !== undefined) warn(metrics.warning);
  return metrics.all().length === 0 ? {} : { metrics: metrics.all() };
}

/** The body, then the workflows it defined. */
async function runAll({ vm, threads, traces }: CallState, body: LuaState): Promise<WorkflowResult[]> {
  await threads.whole(body);
  return (await runWorkflows(vm)).map((workflow) => withTraces(workflow, traces));
}

/** What the parts of the prelude share, and the natives, stay in the registry. */
async function install(state: CallState): Promise<void> {
  const { vm, script } = state;
  pushData(vm.L, (script.values ?? {}) as Data);
  lua.lua_setglobal(vm.L, to_luastring('values'));
  makeOwnGlobals(vm.L);
  pushNatives(vm.L, state);
  lua.lua_setfield(vm.L, lua.LUA_REGISTRYINDEX, native);
  const first = loadPart(vm, firstPart);
  await vm.run(first, 1);
  lua.lua_setfield(first, lua.LUA_REGISTRYINDEX, shared);
  for (const part of laterParts(script)) {
    const thread = loadPart(vm, part);
    lua.lua_getfield(thread, lua.LUA_REGISTRYINDEX, shared);
    await vm.run(thread, 2);
  }
}

/** With the natives as its first argument. */
function loadPart(vm: LuaVm, part: string): LuaState {
  const thread = loadKept(vm, part, '=prelude');
  useOwnGlobals(thread);
  lua.lua_getfield(thread, lua.LUA_REGISTRYINDEX, native);
  return thread;
}

async function runWorkflows(vm: LuaVm): Promise<WorkflowResult[]> {
  const thread = lua.lua_newthread(vm.L);
  lua.lua_pop(vm.L, 1);
  lua.lua_getfield(thread, lua.LUA_REGISTRYINDEX, shared);
  lua.lua_getfield(thread, -1, to_luastring('run'));
  lua.lua_replace(thread, -2);
  await vm.run(thread);
  const results = toData(thread, -1);
  return Array.isArray(results) ? results : [];
}

function withTraces(workflow: WorkflowResult, traces: CallState['traces']): WorkflowResult {
  // A workflow without tasks comes out of Lua with an empty table, which is a map.
  const tasks = Object.values(workflow.tasks).map((task): TaskResult => {
    const trace = task.status === 'failed' ? traces.get(`${workflow.name}/${task.name}`) : undefined;
    return trace === undefined ? task : { ...task, trace };
  });
  return { ...workflow, tasks };
}
