/**
 * A control plane for one test file that breaks it; the one of the test run serves others at the same time.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { PartName } from '../../src/local/control-plane-processes.js';
import { startControlPlane, type ControlPlane } from '../../src/local/control-plane.js';
import { kubectl } from '../support/cluster.js';
import { killPart } from './control-plane-parts.js';

export class OwnControlPlane {
  private constructor(private readonly plane: ControlPlane) {}

  /** From now on `testCluster()` is this one. */
  static async start(): Promise<OwnControlPlane> {
    const dir = mkdtempSync(join(tmpdir(), 'sloth-fault-cluster-'));
    const plane = await startControlPlane({ dir, detached: false });
    process.env['SLOTH_TEST_CLUSTER'] = dir;
    return new OwnControlPlane(plane);
  }

  /** SIGKILL, and back after a time. Resolves when the API server answers again. */
  async outage(parts: readonly PartName[], downMs: number): Promise<void> {
    const restarts = parts.map((part) => killPart(this.plane.dir, part));
    await delay(downMs);
    for (const restart of restarts) await restart();
    await this.untilReady();
  }

  async stop(): Promise<void> {
    await this.plane.stop();
    rmSync(this.plane.dir, { recursive: true, force: true });
  }

  private async untilReady(): Promise<void> {
    for (const deadline = Date.now() + 60_000; ; await delay(200)) {
      const answer = await kubectl('get', '--raw', '/readyz').catch((error: unknown) => String(error));
      if (answer === 'ok') return;
      if (Date.now() > deadline) throw new Error(`the API server did not come back: ${answer}`);
    }
  }
}
