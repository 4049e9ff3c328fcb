/** A number of places: who finds none is told to come back. */
import { GitOpsError } from '../domain/errors.js';

export class Slots {
  taken = 0;

  /** @param what in the plural, for the message */
  constructor(
    private readonly what: string,
    private readonly limit: number,
  ) {}

  /** @returns gives the place back @throws TooBusy */
  enter(): () => void {
    if (this.taken >= this.limit) throw new GitOpsError('TooBusy', `all ${this.limit} ${this.what} are taken`);
    this.taken++;
    return () => void this.taken--;
  }

  async during<T>(work: () => Promise<T>): Promise<T> {
    const leave = this.enter();
    try {
      return await work();
    } finally {
      leave();
    }
  }
}
