/**
 * The workflow bundles: built once by `npm run build`, loaded by every worker.
 */
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { BundleOptions } from '@temporalio/worker';
import { fengariConfiguration } from '../lua/fengari-configuration.js';

const require = createRequire(import.meta.url);

/** Name of a bundle -> where its workflows are, and where the build leaves it. `all` is `engine` and the scripts. */
export const bundles = {
  engine: bundle('engine', 'engine-bundle'),
  all: bundle('index', 'workflow-bundle'),
} as const;

interface Bundle {
  readonly workflowsPath: string;
  readonly codePath: string;
}

function bundle(workflows: string, code: string): Bundle {
  const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
  return { workflowsPath: path(`../workflows/${workflows}.js`), codePath: path(`../${code}.js`) };
}

/**
 * Options of the bundler. Fengari asks `typeof process` whether it runs in Node and then reads the environment and
 * loads `fs`, `os` and `child_process`; inside the sandbox none of these exist, so both tests are answered at build
 * time and the branches behind them fall away.
 */
export function bundleOptions({ workflowsPath }: Bundle): BundleOptions {
  return {
    workflowsPath,
    webpackConfigHook: (config) => ({
      ...config,
      plugins: [
        ...(config.plugins ?? []),
        new DefinePlugin({
          'typeof process': '"undefined"',
          'process.env.FENGARICONF': JSON.stringify(fengariConfiguration),
        }),
        new BannerPlugin({ banner: shortStacks, raw: true }),
      ],
    }),
  };
}

/**
 * Two frames of a stack, where V8 takes ten. The SDK takes a stack for every promise, for the query `__stack_trace`, and
 * looks each frame of ours up in the source map: an eighth of the CPU of a sync (docs/decisions/0028). The two innermost
 * frames are its own and need no look; an error still names the function that threw it and its caller. In front of the
 * bundle, because the SDK freezes `Error` before it evaluates a module.
 */
const shortStacks = 'Error.stackTraceLimit = 2;';

/** The very webpack the SDK bundles with: a second copy would not recognise the plugin. */
const workerRequire = createRequire(require.resolve('@temporalio/worker'));
const { BannerPlugin, DefinePlugin } = workerRequire('webpack') as typeof import('webpack');
