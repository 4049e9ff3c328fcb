/**
 * Reads the profiles that `node --cpu-prof` leaves, one a thread: CPU time by package, and by the nearest frame of ours
 * on the stack. After an `await` a stack begins anew, so what a library does on its own (reading sockets) has no frame
 * of ours.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Shares {
  readonly thread: string;
  /** Busy, without idle. */
  readonly seconds: number;
  /** Largest first. */
  readonly packages: readonly (readonly [string, number])[];
  readonly places: readonly (readonly [string, number])[];
}

interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  readonly children?: readonly number[];
}

interface Profile {
  readonly nodes: readonly ProfileNode[];
  readonly samples: readonly number[];
  /** Microseconds since the sample before. */
  readonly timeDeltas: readonly number[];
}

const shown = 25;
const leastSeconds = 0.3;

/** Of every thread that did something, the busiest first. */
export function cpuShares(folder: string): Shares[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.cpuprofile'))
    .map((name) => sharesOf(name, JSON.parse(readFileSync(join(folder, name), 'utf8')) as Profile))
    .filter(({ seconds }) => seconds > leastSeconds)
    .sort((a, b) => b.seconds - a.seconds);
}

function sharesOf(name: string, profile: Profile): Shares {
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  const parents = new Map(profile.nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node.id])));
  const packages = new Map<string, number>();
  const places = new Map<string, number>();
  let seconds = 0;
  for (const [id, spent] of selfTimes(profile)) {
    const node = nodes.get(id);
    if (node === undefined || node.callFrame.functionName === '(idle)') continue;
    seconds += spent;
    add(packages, packageOf(node), spent);
    add(places, placeOf(id, nodes, parents), spent);
  }
  return { thread: threadOf(name), seconds, packages: largest(packages), places: largest(places) };
}

/** Name of the file: CPU.<date>.<time>.<pid>.<thread>.<n>.cpuprofile */
function threadOf(name: string): string {
  const thread = name.split('.')[4];
  return thread === '0' ? 'main thread' : `workflow thread ${thread}`;
}

function selfTimes({ samples, timeDeltas }: Profile): Map<number, number> {
  const times = new Map<number, number>();
  samples.forEach((id, i) => add(times, id, (timeDeltas[i] ?? 0) / 1e6));
  return times;
}

function packageOf({ callFrame: { functionName, url } }: ProfileNode): string {
  if (url === '') return functionName.startsWith('(') ? functionName : `built in: ${functionName || 'anonymous'}`;
  if (url.startsWith('node:')) return url;
  const dependency = url.match(/.*node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1];
  return dependency ?? `ours: ${shorten(url)}`;
}

function placeOf(id: number, nodes: Map<number, ProfileNode>, parents: Map<number, number>): string {
  for (let at: number | undefined = id; at !== undefined; at = parents.get(at)) {
    const node = nodes.get(at);
    if (node !== undefined && isOurs(node)) return `${shorten(node.callFrame.url)} ${node.callFrame.functionName}`;
  }
  const self = nodes.get(id);
  return `- ${self === undefined ? '' : packageOf(self)}`;
}

function isOurs({ callFrame: { url } }: ProfileNode): boolean {
  return url.includes('/dist/') && !url.includes('node_modules');
}

const shorten = (url: string): string => url.replace(/.*\/dist\//, '');

function largest(times: Map<string, number>): [string, number][] {
  return [...times].sort(([, a], [, b]) => b - a).slice(0, shown);
}

function add<K>(sums: Map<K, number>, key: K, amount: number): void {
  sums.set(key, (sums.get(key) ?? 0) + amount);
}
