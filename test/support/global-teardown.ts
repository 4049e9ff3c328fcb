/** Stops the control plane of global-setup.ts and removes its folder. */
import { rmSync } from 'node:fs';

// eslint-disable-next-line import-x/no-default-export -- Jest asks for it
export default async function globalTeardown(): Promise<void> {
  const plane = globalThis.slothControlPlane;
  if (plane === undefined) return;
  await plane.stop();
  rmSync(plane.dir, { recursive: true, force: true });
}
