/**
 * What a process has cost so far, from /proc (Linux only; man 5 proc).
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** Of /proc: always 100 on Linux for user space. */
const ticksPerSecond = 100;

export interface Cpu {
  /** CPU-seconds of the process itself, user and system. */
  readonly own: number;
  /** Of its children that have ended and were waited for: git, for the worker. */
  readonly children: number;
}

export function cpuOf(pid: number): Cpu {
  const [user, system, childUser, childSystem] = statFields(`/proc/${pid}/stat`);
  return { own: seconds(user, system), children: seconds(childUser, childSystem) };
}

export const totalCpu = (pid: number): number => cpuOf(pid).own + cpuOf(pid).children;

/** CPU-seconds by name of thread: Node's main thread and workers, libuv, V8's helpers, Temporal's core. */
export function threadCpu(pid: number): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const id of readdirSync(`/proc/${pid}/task`)) {
    const folder = `/proc/${pid}/task/${id}`;
    const [user, system] = statFields(`${folder}/stat`);
    const name = id === String(pid) ? 'main' : readFileSync(`${folder}/comm`, 'utf8').trim();
    sums.set(name, (sums.get(name) ?? 0) + seconds(user, system));
  }
  return sums;
}

/** utime, stime, cutime, cstime; the name in field 2 may hold spaces and brackets. */
function statFields(path: string): number[] {
  const text = readFileSync(path, 'latin1');
  return text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 15)
    .map(Number);
}

function seconds(user = 0, system = 0): number {
  return (user + system) / ticksPerSecond;
}

export interface Memory {
  readonly residentMb: number;
  /** Highest since the start or the last `resetPeak`. */
  readonly peakMb: number;
}

export function memoryOf(pid: number): Memory {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const read = (field: string): number => Number(status.match(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm'))?.[1]) / 1024;
  return { residentMb: read('VmRSS'), peakMb: read('VmHWM') };
}

/** VmHWM starts again from what is resident now. */
export function resetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
}

const sampleMs = 500;
const idleShare = 0.08;

/** Until the processes together have used less than 8 % of a core for a second: work left over from before is done. */
export async function untilIdle(pids: readonly number[], timeoutMs = 60_000): Promise<void> {
  const sum = (): number => pids.reduce((total, pid) => total + cpuOf(pid).own, 0);
  let quiet = 0;
  let before = sum();
  for (const deadline = Date.now() + timeoutMs; quiet < 2 && Date.now() < deadline;) {
    await delay(sampleMs);
    const now = sum();
    quiet = now - before < (idleShare * sampleMs) / 1000 ? quiet + 1 : 0;
    before = now;
  }
}
