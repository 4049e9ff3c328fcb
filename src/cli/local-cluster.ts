/**
 * The local control plane of a home: up, down, or found running.
 */
import { attachControlPlane, startControlPlane, stopControlPlane, type ControlPlane } from '../local/control-plane.js';
import { findOrInstallTool } from '../local/tools-cache.js';
import { localClusterFolder } from '../worker/cluster-configs.js';
import type { Terminal } from './terminal.js';

/** Attaches to the one that runs, or starts it; building it for the first time takes minutes and says so. */
export async function ensureLocalCluster(home: string, terminal: Terminal): Promise<ControlPlane> {
  const dir = localClusterFolder(home);
  const running = await attachControlPlane(dir);
  if (running !== undefined) return running;
  await stopControlPlane(dir);
  terminal.note('local cluster: looking for its parts (built once, about six minutes, then cached) ...');
  await findOrInstallTool('kube-apiserver');
  return startControlPlane({ dir, log: (line) => terminal.note(line) });
}
