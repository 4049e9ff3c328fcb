/**
 * `make demo`: the main job on real parts. Starts a local control plane, makes git repositories from
 * examples/repositories, and runs examples/gitops_native_demo.lua as a user would type it. The server stays up
 * afterwards so that the history can be looked at; `make demo-stop` ends it.
 *
 * A cluster that the environment names is never touched; `make demo CONTEXT=name` asks for one.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeRepositories } from './make-repositories.js';

const binary = fileURLToPath(new URL('../bin/sloth-runner.js', import.meta.url));
const script = fileURLToPath(new URL('../examples/gitops_native_demo.lua', import.meta.url));
const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
const home = process.env.DEMO_HOME || join(cache, 'sloth-runner', 'demo');
const clusterConfig = join(home, 'local-cluster', 'kubeconfig');
const context = process.env.CONTEXT;

function environment() {
  const {
    KUBECONFIG,
    TEMPORAL_ADDRESS: _address,
    TEMPORAL_NAMESPACE: _namespace,
    TEMPORAL_PROFILE: _profile,
    ...rest
  } = process.env;
  const cluster = context ? { KUBECONFIG } : { KUBECONFIG: clusterConfig };
  return { ...rest, ...cluster, SLOTH_HOME: home };
}

function command(...args) {
  const done = spawnSync(process.execPath, [binary, ...args], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: environment(),
  });
  if (done.status !== 0) throw new Error(`sloth-runner ${args.join(' ')} ended with ${done.status}`);
}

function output(...args) {
  return spawnSync(process.execPath, [binary, ...args], { encoding: 'utf8', env: environment() }).stdout;
}

function stop() {
  spawnSync(process.execPath, [binary, 'server', 'stop'], { env: environment() });
  spawnSync(process.execPath, [binary, 'local-cluster', 'down'], { env: environment() });
}

/** What is typed against this home later, from whatever shell, drives the demo's cluster and no other. */
function configuration(repositories) {
  const cluster = context ? '' : `kubeconfig: ${JSON.stringify(clusterConfig)}\n`;
  return `${cluster}url_rewrites:\n  https://github.com/company/: file://${repositories}/\n`;
}

/** The home is emptied: a folder that holds anything but an earlier demo is left alone. */
function refuseForeignFolder() {
  if (!existsSync(home) || readdirSync(home).length === 0 || existsSync(join(home, 'repositories'))) return;
  console.error(`demo: ${home} is not empty and not a demo's; set DEMO_HOME to another folder`);
  process.exit(2);
}

function prepare() {
  refuseForeignFolder();
  stop();
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const repositories = join(home, 'repositories');
  makeRepositories(repositories);
  writeFileSync(join(home, 'config.yaml'), configuration(repositories), { mode: 0o600 });
}

/** Shows the script's output as it comes and keeps it. */
function runScript() {
  const args = ['run', '-f', script, ...(context ? ['--context', context] : [])];
  console.log(`$ sloth-runner ${args.join(' ')}`);
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [binary, ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: environment(),
    });
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += chunk;
      process.stdout.write(chunk);
    });
    child.on('close', (status) => resolve({ status, text }));
  });
}

async function demo() {
  console.log('demo: a fresh home, git repositories and a control plane ...');
  prepare();
  if (!context) command('local-cluster', 'up');
  const { status, text } = await runScript();
  const { uiUrl, address } = JSON.parse(output('server', 'status', '-o', 'json'));
  const outcomes = text.match(/^summary: (.*)$/m)?.[1] ?? 'the script ended early';
  console.log('\n== demo summary ==');
  console.log(`outcomes      ${outcomes}`);
  console.log(`Temporal UI   ${uiUrl}`);
  console.log(`Temporal      ${address}`);
  console.log(`look around   export SLOTH_HOME=${home}; node bin/sloth-runner.js app get guestbook`);
  console.log('stop it       make demo-stop');
  process.exitCode = status === 0 && outcomes.includes('synced') && outcomes.includes('rolled_back') ? 0 : 1;
}

await (process.argv[2] === 'stop' ? Promise.resolve(stop()) : demo());
