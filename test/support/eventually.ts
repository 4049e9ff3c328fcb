import { setTimeout as delay } from 'node:timers/promises';

/** Looks every 50 ms until something is there; rejects with the last thing seen after `timeoutMs`. */
export async function eventually<T>(look: () => Promise<T | undefined>, timeoutMs = 60_000): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    if (Date.now() > deadline) throw new Error(`not seen within ${timeoutMs} ms: ${look.toString()}`);
    await delay(50);
  }
}
