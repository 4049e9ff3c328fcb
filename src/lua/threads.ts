/**
 * Several Lua threads of one machine that wait for the host at the same time: the tasks of a workflow, each with the
 * attempt it is at.
 *
 * Invariants: one thread computes at a time, until it waits; which one goes on next depends on the order of the host's
 * answers alone, so a replay takes the same way. A thread that was interrupted is never resumed: no `pcall` of the script
 * sees it. What a thread calls is said to be for the task it stands for.
 */
import { lua, type LuaState } from './fengari.js';
import { Interruption, type Bounds, type Host, type Place, type Step, type TaskContext } from './host.js';
import type { LuaVm } from './vm.js';

/** Where a thread stands. A thread that runs an attempt shares this with the one that waits for the attempt. */
export interface Standing {
  place: Place;
  task?: TaskContext;
  /** Names of the modules the task called. */
  used: Set<string>;
}

interface Queued {
  readonly id: number;
  readonly thread: LuaState;
  readonly args: number;
}

export class Threads {
  private readonly standings = new WeakMap<LuaState, Standing>();
  private readonly top: Standing = { place: {}, used: new Set() };
  private queued: Queued[] = [];
  private readonly ended: number[] = [];
  private failure: { readonly error: unknown } | undefined;
  private wake: () => void = () => undefined;

  constructor(
    private readonly vm: LuaVm,
    private readonly host: Host,
  ) {}

  /** Of the thread that computes now. */
  get standing(): Standing {
    return this.standings.get(this.vm.running) ?? this.top;
  }

  caller(call?: string): Pick<Step, 'place' | 'task'> {
    const { place, task, used } = this.standing;
    if (call !== undefined) used.add(call.slice(0, call.indexOf('.')));
    return task === undefined ? { place } : { place, task };
  }

  /** The body of a script, which ends when the run is cancelled. */
  async whole(thread: LuaState): Promise<void> {
    const interrupted = await this.run({}, thread, 0);
    if (interrupted !== undefined) throw new Interruption(interrupted);
  }

  /** A new thread for the function, and its arguments, from index `from` on. */
  take(L: LuaState, from: number, standing: Standing): { thread: LuaState; args: number } {
    const thread = lua.lua_newthread(this.vm.L);
    lua.lua_pop(this.vm.L, 1);
    this.standings.set(thread, standing);
    const values = lua.lua_gettop(L) - from + 1;
    lua.lua_xmove(L, thread, values);
    return { thread, args: values - 1 };
  }

  /** @returns what it was interrupted by; its results are on the thread otherwise */
  async run(bounds: Bounds, thread: LuaState, args: number): Promise<Interruption['interrupted'] | undefined> {
    const { host, vm } = this;
    const work = (): Promise<void> => vm.run(thread, args);
    try {
      await (host.within === undefined ? work() : host.within(bounds, work));
      return undefined;
    } catch (error) {
      vm.abandon(thread);
      if (error instanceof Interruption) return error.interrupted;
      throw error;
    }
  }

  /** It begins when somebody waits for one to end. */
  start(id: number, { thread, args }: { thread: LuaState; args: number }): void {
    this.queued.push({ id, thread, args });
  }

  /**
   * The next of the started threads that has ended.
   * @throws what none of them could catch
   */
  async nextEnded(): Promise<number> {
    const begun = this.queued;
    this.queued = [];
    for (const { id, thread, args } of begun) void this.follow(id, this.vm.run(thread, args));
    for (;;) {
      if (this.failure !== undefined) throw this.failure.error as Error;
      const id = this.ended.shift();
      if (id !== undefined) return id;
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }

  private async follow(id: number, run: Promise<void>): Promise<void> {
    try {
      await run;
      this.ended.push(id);
    } catch (error) {
      this.failure ??= { error };
    }
    this.wake();
  }
}
