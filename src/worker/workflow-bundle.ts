/**
 * The workflow bundle: built once by `npm run build`, loaded by every worker.
 */
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { BundleOptions } from '@temporalio/worker';

const require = createRequire(import.meta.url);

/** Whole floats print without `.0`, as in Lua 5.1. */
const fengariConfiguration = JSON.stringify({ LUA_COMPAT_FLOATSTRING: true });

/** Where the build leaves the bundle. */
export const bundlePath = fileURLToPath(new URL('../workflow-bundle.js', import.meta.url));

/**
 * Options of the bundler. Fengari asks `typeof process` whether it runs in Node and then reads the environment and
 * loads `fs`, `os` and `child_process`; inside the sandbox none of these exist, so both tests are answered at build
 * time and the branches behind them fall away.
 */
export function bundleOptions(): BundleOptions {
  return {
    workflowsPath: fileURLToPath(new URL('../workflows/index.js', import.meta.url)),
    webpackConfigHook: (config) => ({
      ...config,
      plugins: [
        ...(config.plugins ?? []),
        new DefinePlugin({
          'typeof process': '"undefined"',
          'process.env.FENGARICONF': JSON.stringify(fengariConfiguration),
        }),
      ],
    }),
  };
}

/** The very webpack the SDK bundles with: a second copy would not recognise the plugin. */
const workerRequire = createRequire(require.resolve('@temporalio/worker'));
const { DefinePlugin } = workerRequire('webpack') as typeof import('webpack');
