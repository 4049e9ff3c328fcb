/**
 * The workflow bundle: built once by `npm run build`, loaded by every worker.
 */
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { BundleOptions } from '@temporalio/worker';
import { fengariConfiguration } from '../lua/fengari-configuration.js';

const require = createRequire(import.meta.url);

/** Where the workflows are, and where the build leaves their bundle. */
const workflowsPath = pathOf('../workflows/index.js');
export const bundlePath = pathOf('../workflow-bundle.js');

function pathOf(relative: string): string {
  return fileURLToPath(new URL(relative, import.meta.url));
}

/**
 * Every module is evaluated once for each thread, not for each run (docs/decisions/0029): none may keep anything of a run.
 */
export function bundleOptions(): BundleOptions {
  return {
    workflowsPath,
    preloadModules: [workflowsPath],
    webpackConfigHook: (config) => ({
      ...config,
      plugins: [...(config.plugins ?? []), ...sandboxPlugins(), new BannerPlugin({ banner: plainPromises, raw: true })],
    }),
  };
}

/**
 * What our modules need wherever they are bundled. Fengari asks `typeof process` whether it runs in Node and then reads the
 * environment and loads `fs`, `os` and `child_process`; inside the sandbox none of these exist, so both tests are answered at
 * build time and the branches behind them fall away.
 */
export function sandboxPlugins(): InstanceType<typeof DefinePlugin>[] {
  return [
    new DefinePlugin({
      'typeof process': '"undefined"',
      'process.env.FENGARICONF': JSON.stringify(fengariConfiguration),
    }),
  ];
}

/**
 * Promises without stacks. For the query `__stack_trace` the SDK compiles two functions for every promise of a workflow, by
 * `promise.constructor.constructor(text)`, takes a stack and looks it up in the source map (docs/decisions/0028). Here it is
 * handed the functions it wants, and an error that has no stack; then it keeps none. In front of the bundle, because the SDK
 * freezes `Promise` before it evaluates a module.
 */
const plainPromises = `{
  const answers = new Map([
    ['return globalThis.__TEMPORAL_ACTIVATOR__', () => globalThis.__TEMPORAL_ACTIVATOR__],
    ['return globalThis.Error', () => Object],
  ]);
  Object.defineProperty(Promise, 'constructor', { value: (text) => answers.get(text) ?? Function(text) });
}`;

/** The very webpack the SDK bundles with: a second copy would not recognise the plugin. */
const workerRequire = createRequire(require.resolve('@temporalio/worker'));
const { BannerPlugin, DefinePlugin } = workerRequire('webpack') as typeof import('webpack');
