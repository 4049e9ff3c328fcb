/**
 * What is looked at while the engine is at work on a cluster: CPU of every process, requests of the workers.
 */
import { AuditLog } from './audit-log.js';
import type { Observed } from './measurement.js';
import type { ClusterSetting } from './setting.js';

export function observed({ worker, temporal, plane }: ClusterSetting): Required<Observed> {
  const { etcd = 0, kwok = 0, ...kubernetes } = plane.processes;
  const pids = { worker: worker.pid, temporal: temporal.pid, ...kubernetes, etcd, kwok, bench: process.pid };
  return { pids, audit: new AuditLog(plane.auditLog), user: 'sloth-runner' };
}
