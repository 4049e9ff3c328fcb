/**
 * Freezes today's script driver (interpreter, prelude, what each call becomes) under the number of its ABI, before any of
 * it changes: `node scripts/freeze-driver.js 2` after `npm run build`. Scripts that began under that number go on with it.
 * See docs/decisions/0016-lua-abi.md.
 */
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { sandboxPlugins } from '../dist/worker/workflow-bundle.js';

const abi = process.argv[2];
if (!/^\d+$/.test(abi ?? '')) throw new Error('usage: node scripts/freeze-driver.js NUMBER');

const require = createRequire(import.meta.url);
const webpack = createRequire(require.resolve('@temporalio/worker'))('webpack');
const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

/**
 * The SDK stays outside: it belongs to the worker, and replays all histories alike. Nothing is shaken off: Fengari's
 * modules only work when they are loaded from the front (src/lua/fengari.ts).
 */
const options = {
  mode: 'none',
  optimization: { minimize: true },
  target: 'es2022',
  entry: path('../dist/workflows/script-run.js'),
  externals: { '@temporalio/workflow': '@temporalio/workflow' },
  externalsType: 'module',
  experiments: { outputModule: true },
  output: { path: path('../src/workflows/frozen'), filename: `script-abi-${abi}.js`, library: { type: 'module' } },
  performance: { hints: false },
};
webpack({ ...options, plugins: sandboxPlugins() }, (error, stats) => {
  if (error || stats.hasErrors()) throw error ?? new Error(stats.toString({ all: false, errors: true }));
  console.log(`src/workflows/frozen/script-abi-${abi}.js: ${(stats.toJson().assets[0].size / 1024).toFixed(0)} KiB`);
});
