/**
 * A commit that changes a hundred applications and breaks one of them: how long the others take, beside the same with
 * none broken. Broken in two ways: the server refuses an object, and an object that never becomes healthy.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { SyncRecord } from '../../src/client/index.js';
import { fixed } from '../results.js';
import { checkSynced, hint, push, untilQuiet, untilSynced, type Fleet } from './fleet.js';
import type { Outcome } from './scenario.js';

const mostApps = 100;
const pollMs = 200;

const breaks: Readonly<Record<'none' | 'refused' | 'unhealthy', (text: string) => string>> = {
  none: (text) => text,
  refused: (text) => text.replace('replicas: 0', 'replicas: -1'),
  // Nobody gives it an address.
  unhealthy: (text) => text.replace('type: ClusterIP', 'type: LoadBalancer'),
};

export async function broken(fleet: Fleet): Promise<Outcome> {
  const seconds = {
    before: await round(fleet, 'none'),
    refused: await round(fleet, 'refused'),
    after: await round(fleet, 'none'),
    unhealthy: await round(fleet, 'unhealthy'),
  };
  await mend(fleet);
  const none = (seconds.before + seconds.after) / 2;
  const ratios = { refused: seconds.refused / none, unhealthy: seconds.unhealthy / none };
  return {
    line: `of=${concerned(fleet).length} none_s=${fixed(none)} refused_ratio=${fixed(ratios.refused)} unhealthy_ratio=${fixed(ratios.unhealthy)}`,
    figures: { apps: concerned(fleet).length, seconds, ratios },
  };
}

const concerned = ({ names }: Fleet): readonly string[] => names.slice(0, mostApps);

/** @returns how long all but the one took that may be broken */
async function round(fleet: Fleet, how: keyof typeof breaks): Promise<number> {
  const names = concerned(fleet);
  const [victim = '', ...others] = names;
  await untilQuiet(fleet);
  const commit = push(fleet, names, (name, text) => (name === victim ? breaks[how](text) : text));
  const began = performance.now();
  await hint(fleet);
  await untilSynced(fleet, commit, how === 'none' ? names.length : others.length);
  const seconds = (performance.now() - began) / 1000;
  await checkSynced(fleet, others, commit);
  const { status, message } = await endOf(fleet, victim, commit);
  if ((status === 'succeeded') !== (how === 'none')) throw new Error(`${how}: ${victim} ${status}: ${message}`);
  return seconds;
}

async function endOf({ client, specs }: Fleet, name: string, commit: string): Promise<SyncRecord> {
  for (;;) {
    const { lastSync } = await client.status(specs.get(name)?.id ?? name);
    if (lastSync?.revision === commit && lastSync.status !== 'running') return lastSync;
    await delay(pollMs);
  }
}

async function mend(fleet: Fleet): Promise<void> {
  const victim = concerned(fleet).slice(0, 1);
  const commit = push(fleet, victim);
  await hint(fleet);
  await untilSynced(fleet, commit, victim.length);
  await checkSynced(fleet, victim, commit);
}
