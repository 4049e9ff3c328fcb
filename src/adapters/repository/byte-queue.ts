/** Bytes as they arrive, taken off in front; what arrives is copied once, however many chunks it comes in. */
export class ByteQueue {
  private chunks: Buffer[] = [];
  private bytes = 0;

  get length(): number {
    return this.bytes;
  }

  push(chunk: Buffer): void {
    this.chunks.push(chunk);
    this.bytes += chunk.length;
  }

  /** Takes a line and its end. @returns the line, or undefined while its end has not arrived */
  takeLine(): string | undefined {
    const end = this.joined().indexOf('\n');
    return end < 0 ? undefined : this.take(end + 1).toString('latin1', 0, end);
  }

  /** @param count at most `length`. @returns a view of what arrived */
  take(count: number): Buffer {
    const all = this.joined();
    const rest = all.subarray(count);
    this.chunks = rest.length > 0 ? [rest] : [];
    this.bytes = rest.length;
    return all.subarray(0, count);
  }

  private joined(): Buffer {
    const [first = Buffer.alloc(0), ...others] = this.chunks;
    if (others.length === 0) return first;
    const all = Buffer.concat(this.chunks);
    this.chunks = [all];
    return all;
  }
}
