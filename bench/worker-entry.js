/**
 * The worker process of a bench: the workers of the build, as `sloth-runner server` runs them, until SIGTERM.
 * Plain JavaScript on dist/: nothing between us and what users run.
 */
import { startWorkers } from '../dist/cli/start-workers.js';
import { loadConfig } from '../dist/config/config.js';

const address = process.env.TEMPORAL_ADDRESS;
const temporal = { address, namespace: 'default', local: true };
const workers = await startWorkers(loadConfig({}), temporal, { roles: ['engine', 'lua', 'git', 'cluster'] });
console.log(`worker serves Temporal at ${address}`);
await new Promise((resolve) => process.once('SIGTERM', resolve));
await workers.stop();
process.exit(0);
