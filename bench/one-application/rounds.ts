/**
 * Rounds of the same acts, each in namespaces of its own. Within a round the acts of both sides alternate, and every
 * second round the other side begins, so that whatever else the machine does falls on both.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SyncRecord } from '../../src/client/index.js';
import { createRepository, type TestRepository } from '../../test/support/repository.js';
import { declare, syncNow } from '../applications.js';
import { AuditLog } from '../audit-log.js';
import { createNamespaces, kubectl, kubectlUser } from '../kubectl.js';
import { fourObjects } from '../manifests.js';
import { measure, type Measurement } from '../measurement.js';
import { untilIdle } from '../process-cost.js';
import { say, type ClusterSetting } from '../setting.js';

export const phases = ['first', 'unchanged', 'changed'] as const;
export type Phase = (typeof phases)[number];

/** What was done to the same set: our sync, and kubectl's two commands. */
export interface Acts {
  readonly sync: MeasuredSync;
  readonly diff: Measurement;
  readonly apply: Measurement;
}

export interface MeasuredSync extends Measurement {
  /** Seconds by phase, from the record of the sync: Temporal's part is in them. */
  readonly phaseSeconds: Readonly<Record<string, number>>;
}

export type Round = Readonly<Record<Phase, Acts>>;

export async function runRounds(setting: ClusterSetting, objects: number, rounds: number): Promise<Round[]> {
  const repository = createRepository({ 'set/README': 'manifests of the bench\n' });
  try {
    const results: Round[] = [];
    for (let n = 1; n <= rounds; n++) results.push(await runRound({ setting, repository, objects, number: n }));
    return results;
  } finally {
    repository.remove();
  }
}

interface RoundContext {
  readonly setting: ClusterSetting;
  readonly repository: TestRepository;
  readonly objects: number;
  readonly number: number;
}

async function runRound(context: RoundContext): Promise<Round> {
  const { setting, repository, number } = context;
  const [ours, theirs] = [`ours-${number}`, `kubectl-${number}`];
  await createNamespaces(setting.plane, [ours, theirs]);
  const place = { name: ours, url: repository.url, path: 'set', namespace: ours };
  const { id } = await declare(setting.client, place);
  const acts: Partial<Record<Phase, Acts>> = {};
  for (const phase of phases) {
    say(`round ${number}: ${phase}`);
    acts[phase] = await runPhase(context, { app: id, namespace: theirs, folder: publish(context, phase) });
  }
  return acts as Round;
}

interface Subjects {
  readonly app: string;
  /** Where kubectl works. */
  readonly namespace: string;
  /** The set as files, for kubectl. */
  readonly folder: string;
}

async function runPhase({ setting, number }: RoundContext, { app, namespace, folder }: Subjects): Promise<Acts> {
  const { plane } = setting;
  const command = (verb: string) => (): Promise<Measurement> =>
    measureKubectl(setting, [verb, '--server-side', '--namespace', namespace, '--filename', folder]);
  const sync = (): Promise<MeasuredSync> => measureSync(setting, app);
  const calm = async <T>(act: () => Promise<T>): Promise<T> => {
    await untilIdle([setting.worker.pid, setting.temporal.pid, ...Object.values(plane.processes)]);
    return act();
  };
  if (number % 2 === 1) {
    const diff = await calm(command('diff'));
    return { diff, sync: await calm(sync), apply: await calm(command('apply')) };
  }
  const early = await calm(sync);
  return { sync: early, diff: await calm(command('diff')), apply: await calm(command('apply')) };
}

async function measureSync({ worker, temporal, plane, client }: ClusterSetting, app: string): Promise<MeasuredSync> {
  const pids = { worker: worker.pid, temporal: temporal.pid, server: plane.processes['kube-apiserver'] ?? 0 };
  const observed = { pids, audit: new AuditLog(plane.auditLog), user: 'sloth-runner' };
  let record: SyncRecord | undefined;
  const measurement = await measure(async () => (record = await syncNow(client, app)), observed);
  return { ...measurement, phaseSeconds: secondsOfPhases(record?.steps ?? []) };
}

function secondsOfPhases(steps: SyncRecord['steps']): Record<string, number> {
  const seconds: Record<string, number> = {};
  for (const { phase, startedAt, finishedAt } of steps) {
    const took = (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000;
    seconds[phase] = (seconds[phase] ?? 0) + took;
  }
  return seconds;
}

/** kubectl's own CPU is what our ended children have used meanwhile; it is the only one. */
function measureKubectl({ plane }: ClusterSetting, args: string[]): Promise<Measurement> {
  const pids = { bench: process.pid, server: plane.processes['kube-apiserver'] ?? 0 };
  return measure(() => kubectl(plane, args), { pids, audit: new AuditLog(plane.auditLog), user: kubectlUser });
}

/** The set of a phase: committed for us, and as files for kubectl. */
function publish({ setting, repository, objects, number }: RoundContext, phase: Phase): string {
  const folder = join(setting.dir, `set-${number}`);
  mkdirSync(folder, { recursive: true });
  const files = setOf(objects, number, phase);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  repository.commit(Object.fromEntries(Object.entries(files).map(([name, text]) => [`set/${name}`, text])));
  return folder;
}

const perFile = 4;
/** Every so many groups have all four of their objects changed: a label, and the Deployment's template. */
const changedEvery = 10;

/** One file for each group of four. The round goes into a label, so that every round has a set of its own. */
function setOf(objects: number, round: number, phase: Phase): Record<string, string> {
  const groups = Array.from({ length: Math.ceil(objects / perFile) }, (_, i) => {
    const changed = phase === 'changed' && i % changedEvery === 0;
    const name = `object-${String(i).padStart(3, '0')}`;
    return [`${name}.yaml`, fourObjects(name, changed ? 2 : 1, `round-${round}${changed ? '-changed' : ''}`)] as const;
  });
  return Object.fromEntries(groups);
}
