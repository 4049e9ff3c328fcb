/**
 * Builds the workflow bundles from the compiled workflows.
 */
import { writeFile } from 'node:fs/promises';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { bundleOptions, bundles } from '../dist/worker/workflow-bundle.js';

const logger = new DefaultLogger('WARN');
for (const [name, bundle] of Object.entries(bundles)) {
  const { code } = await bundleWorkflowCode({ ...bundleOptions(bundle), logger });
  await writeFile(bundle.codePath, code);
  console.log(`workflow bundle ${name}: ${(code.length / 1024).toFixed(0)} KiB`);
}
