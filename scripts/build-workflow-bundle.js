/**
 * Builds the workflow bundle from the compiled workflows.
 */
import { writeFile } from 'node:fs/promises';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { bundleOptions, bundlePath } from '../dist/worker/workflow-bundle.js';

const { code } = await bundleWorkflowCode({ ...bundleOptions(), logger: new DefaultLogger('WARN') });
await writeFile(bundlePath, code);
console.log(`workflow bundle: ${(code.length / 1024).toFixed(0)} KiB`);
