/**
 * A clock that jumps to the next thing somebody waits for, and scopes that end what is waited for in them, as a workflow's
 * do: an hour of a script takes no time, and the same script takes the same way.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { Interruption, type Bounds } from '../../src/lua/host.js';

interface Timer {
  readonly at: number;
  readonly ring: () => void;
}

/** As the workflow's own, see `src/workflows/script-scopes.ts`. */
const graceMs = 5 * 60_000;

class Scope {
  private readonly listeners = new Set<(why: Interruption) => void>();
  private why: Interruption | undefined;

  end(why: Interruption['interrupted']): void {
    this.why ??= new Interruption(why);
    for (const listener of this.listeners) listener(this.why);
  }

  /** @returns how to stop listening */
  onEnd(listener: (why: Interruption) => void): () => void {
    this.listeners.add(listener);
    if (this.why !== undefined) listener(this.why);
    return () => void this.listeners.delete(listener);
  }
}

export class VirtualTime {
  cancelled = false;
  private timers: Timer[] = [];
  private readonly current = new AsyncLocalStorage<Scope>();
  private readonly open = new Set<{ readonly scope: Scope; readonly shielded: boolean }>();

  constructor(private time: number) {}

  now(): number {
    return this.time;
  }

  /** Everything but what is shielded ends; that has its time to clean up. */
  cancelAfter(ms: number): void {
    this.at(ms, () => {
      this.cancelled = true;
      for (const { scope, shielded } of this.open)
        if (shielded) this.at(graceMs, () => scope.end('timeout'));
        else scope.end('cancelled');
    });
  }

  /** @throws Interruption when the scope it is waited in ends first, unless it is deaf to that */
  async wait(ms: number, deaf = false): Promise<void> {
    let stop = (): void => undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        this.at(ms, resolve);
        if (!deaf) stop = this.current.getStore()?.onEnd(reject) ?? stop;
      });
    } finally {
      stop();
    }
  }

  async within<T>({ timeoutMs, shielded = false }: Bounds, work: () => Promise<T>): Promise<T> {
    if (this.cancelled && !shielded) throw new Interruption('cancelled');
    const entry = { scope: new Scope(), shielded };
    const limit = Math.min(timeoutMs ?? Infinity, this.cancelled ? graceMs : Infinity);
    if (limit !== Infinity) this.at(limit, () => entry.scope.end('timeout'));
    this.open.add(entry);
    try {
      const ended = new Promise<never>((_resolve, reject) => entry.scope.onEnd(reject));
      return await Promise.race([this.current.run(entry.scope, work), ended]);
    } finally {
      this.open.delete(entry);
    }
  }

  /** Lets the clock run until the work has ended. */
  async run<T>(work: Promise<T>): Promise<T> {
    let settled = false;
    const end = (): void => void (settled = true);
    work.then(end, end);
    for (await idle(); !settled; await idle()) this.jump();
    return work;
  }

  private jump(): void {
    const next = this.timers.reduce<Timer | undefined>(
      (first, t) => (first && first.at <= t.at ? first : t),
      undefined,
    );
    if (next === undefined) throw new Error('the script waits for something that never comes');
    this.timers = this.timers.filter((timer) => timer !== next);
    this.time = Math.max(this.time, next.at);
    next.ring();
  }

  private at(ms: number, ring: () => void): void {
    this.timers.push({ at: this.time + ms, ring });
  }
}

/** Until everything that can go on without the clock has gone on. */
function idle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
