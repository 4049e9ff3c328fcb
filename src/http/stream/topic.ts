/**
 * Something that can be followed: its events are numbered and the newest are kept, so that a client that was cut off
 * goes on where it stopped. However many listen, the source is asked once.
 *
 * Invariants: ids of one topic only grow; a listener gets every event once and in order, or is told to `resync`.
 */
import { randomBytes } from 'node:crypto';

export interface StreamEvent {
  readonly event: string;
  readonly data: unknown;
  /** Of a state: a newer event of this key says all that an older one said. */
  readonly key?: string;
}

export interface NumberedEvent extends StreamEvent {
  readonly id: string;
}

/** Ends when the signal is given, or when there is nothing more to say. Never throws. */
export type Source = (signal: AbortSignal) => AsyncGenerator<StreamEvent>;

type Listener = (event: NumberedEvent) => void;

const kept = 1000;

export class Topic {
  /** Nothing more will happen. */
  isOver = false;
  private readonly epoch = randomBytes(4).toString('hex');
  private readonly listeners = new Set<Listener>();
  private readonly stopping = new AbortController();
  private readonly events: NumberedEvent[] = [];
  private last = 0;

  /** @param onIdle called when the last listener has left */
  constructor(
    source: Source,
    private readonly onIdle: () => void,
  ) {
    void this.run(source);
  }

  /**
   * Tells the listener what it missed, and from then on what happens.
   * @param after id of the last event it saw
   * @returns stops it
   */
  listen(after: string | undefined, listener: Listener): () => void {
    this.missed(after).forEach(listener);
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
      if (this.isIdle) this.onIdle();
    };
  }

  get isIdle(): boolean {
    return this.listeners.size === 0;
  }

  stop(): void {
    this.stopping.abort();
  }

  private async run(source: Source): Promise<void> {
    for await (const event of source(this.stopping.signal)) this.say(event);
    this.isOver = true;
  }

  private say(event: StreamEvent): void {
    const numbered = { ...event, id: `${this.epoch}.${++this.last}` };
    this.events.push(numbered);
    if (this.events.length > kept) this.events.shift();
    this.listeners.forEach((listener) => listener(numbered));
  }

  private missed(after: string | undefined): readonly NumberedEvent[] {
    const seen = this.events.findIndex(({ id }) => id === after);
    if (seen >= 0) return this.events.slice(seen + 1);
    const lost = after !== undefined || this.last > this.events.length;
    return lost ? [this.resync(), ...this.standing()] : this.standing();
  }

  /** What somebody who knows nothing must hear: of each state the newest event only. */
  private standing(): readonly NumberedEvent[] {
    const newest = new Map(this.events.map(({ key, id }) => [key, id]));
    return this.events.filter(({ key, id }) => key === undefined || newest.get(key) === id);
  }

  private resync(): NumberedEvent {
    const data = { message: 'events were missed; what follows is how things stand now' };
    return { event: 'resync', data, id: `${this.epoch}.0` };
  }
}
