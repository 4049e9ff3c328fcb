/**
 * One control plane for all integration tests of a run; each test works in namespaces of its own. Temporal and the
 * workers belong to a test's home, see home.ts. Plain JavaScript on the build: Jest loads this outside its modules.
 */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startControlPlane } from '../../dist/local/control-plane.js';

export default async function globalSetup() {
  const dir = mkdtempSync(join(tmpdir(), 'sloth-test-cluster-'));
  globalThis.slothControlPlane = await startControlPlane({ dir, detached: false });
  process.env.SLOTH_TEST_CLUSTER = dir;
}
