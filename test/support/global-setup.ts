/**
 * One control plane for all integration tests of a run; each test works in namespaces of its own. Temporal and the
 * workers belong to a test's home, see home.ts.
 */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startControlPlane, type ControlPlane } from '../../src/local/control-plane.js';

declare global {
  var slothControlPlane: ControlPlane | undefined;
}

// eslint-disable-next-line import-x/no-default-export -- Jest asks for it
export default async function globalSetup(): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'sloth-test-cluster-'));
  const plane = await startControlPlane({ dir, detached: false });
  globalThis.slothControlPlane = plane;
  process.env['SLOTH_TEST_CLUSTER'] = dir;
}
