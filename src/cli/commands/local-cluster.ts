/**
 * `local-cluster up|down|status`: a real Kubernetes control plane on this machine, for trying things out.
 */
import type { Command } from 'commander';
import { localClusterFolder } from '../../worker/cluster-configs.js';
import { configOf, type CommandEnvironment, type SetExit } from '../environment.js';

export function addLocalClusterCommands(program: Command, environment: CommandEnvironment, exit: SetExit): void {
  const { terminal } = environment;
  const cluster = program
    .command('local-cluster')
    .description('a real control plane on this machine, for trying things out');
  const folder = (command: Command): string => localClusterFolder(configOf(command, environment).home);

  cluster
    .command('up')
    .description('start it, building it first if need be')
    .action(async (_options: unknown, command: Command) => {
      const { ensureLocalCluster } = await import('../local-cluster.js');
      const plane = await ensureLocalCluster(configOf(command, environment).home, terminal);
      terminal.note('applications use it when they say cluster = "local", and by default where no kubeconfig exists');
      terminal.print(`export KUBECONFIG=${plane.kubeconfig}`);
    });

  cluster
    .command('down')
    .description('stop it; its objects are there again after the next up')
    .action(async (_options: unknown, command: Command) => {
      const { stopControlPlane } = await import('../../local/control-plane.js');
      terminal.print((await stopControlPlane(folder(command))) ? 'local cluster stopped' : 'no local cluster runs');
    });

  cluster
    .command('status')
    .description('whether it runs, and where; exits 1 when it does not')
    .action(async (_options: unknown, command: Command) => {
      const { attachControlPlane } = await import('../../local/control-plane.js');
      const plane = await attachControlPlane(folder(command));
      terminal.print(
        plane === undefined
          ? 'no local cluster runs'
          : `${plane.serverUrl}\nkubeconfig ${plane.kubeconfig}\naudit log ${plane.auditLog}`,
      );
      if (plane === undefined) exit(1);
    });
}
