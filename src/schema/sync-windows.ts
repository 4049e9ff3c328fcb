/** `sync_windows`, of `gitops.workflow` and of a project in `config.yaml`. */
import { z } from 'zod';
import { parseDuration } from '../domain/duration.js';
import { checkWindow, type SyncWindow } from '../domain/sync-window.js';
import { duration } from './duration.js';

const globs = z.array(z.string()).min(1).optional();

export const syncWindowsSchema = z.array(
  z.strictObject({
    kind: z.enum(['allow', 'deny']).describe('deny beats allow; with an allow, all other times are closed'),
    schedule: z.string().describe('when it begins: five cron fields, "0 22 * * 1-5"'),
    duration: duration.describe('how long it lasts, "8h"'),
    time_zone: z
      .string()
      .optional()
      .describe('in which the schedule is read, "Europe/Berlin"; UTC unless said otherwise'),
    applications: globs.describe('patterns of names; all unless said otherwise'),
    environments: globs.describe('patterns of environments; all unless said otherwise'),
    clusters: globs.describe('patterns of clusters; all unless said otherwise'),
    namespaces: globs.describe('patterns of namespaces; all unless said otherwise'),
    manual_sync: z.boolean().optional().describe('a person may sync although it closes'),
    description: z.string().optional().describe('what it is called in messages'),
  }),
);

export type SyncWindowsConfig = z.infer<typeof syncWindowsSchema>;

/** @throws GitOpsError InvalidConfig, InvalidInput (durations) */
export function syncWindowsFrom(config: SyncWindowsConfig): readonly SyncWindow[] {
  return config.map((entry) => {
    const { kind, schedule, time_zone: timeZone = 'UTC', manual_sync, applications, environments } = entry;
    const { clusters, namespaces, description } = entry;
    const window = {
      kind,
      schedule,
      durationMs: parseDuration(entry.duration),
      timeZone,
      ...(applications === undefined ? {} : { applications }),
      ...(environments === undefined ? {} : { environments }),
      ...(clusters === undefined ? {} : { clusters }),
      ...(namespaces === undefined ? {} : { namespaces }),
      ...(manual_sync ? { manual: true as const } : {}),
      ...(description === undefined ? {} : { description }),
    };
    checkWindow(window);
    return window;
  });
}
