/**
 * `<home>/worker.alive`: there while workers take work, and touched as long as this process gets round to it. Probes of a
 * Pod look at it.
 */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const intervalMs = 10_000;

/** @returns takes it away */
export function keepAliveFile(home: string): () => void {
  const path = join(home, 'worker.alive');
  const touch = (): void => writeFileSync(path, '', { mode: 0o600 });
  touch();
  const timer = setInterval(touch, intervalMs);
  return () => {
    clearInterval(timer);
    rmSync(path, { force: true });
  };
}
