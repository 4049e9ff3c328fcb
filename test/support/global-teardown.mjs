/** Stops the control plane of global-setup.mjs and removes its folder. */
import { rmSync } from 'node:fs';

export default async function globalTeardown() {
  const plane = globalThis.slothControlPlane;
  if (plane === undefined) return;
  await plane.stop();
  rmSync(plane.dir, { recursive: true, force: true });
}
