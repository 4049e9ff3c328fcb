/**
 * The engine of a home, spoken to through the library: quicker than a command line for tests that need many syncs.
 */
import { FolderStore } from '../../src/adapters/artifacts/folder-store.js';
import { connect } from '../../src/client/connection.js';
import type { GitOpsClient } from '../../src/client/gitops-client.js';
import type { SyncRecord } from '../../src/domain/sync-record.js';
import type { SyncRequest, SyncTicket } from '../../src/workflows/messages.js';
import { freshNamespace } from './cluster.js';
import { eventually } from './eventually.js';
import { openHome, type Home } from './home.js';
import { createRepository, type TestRepository } from './repository.js';

/** An application on a repository and a namespace of its own. */
export interface TestApplication {
  readonly name: string;
  readonly id: string;
  readonly namespace: string;
  readonly repository: TestRepository;
}

export class Engine {
  private readonly repositories: TestRepository[] = [];

  private constructor(
    readonly home: Home,
    readonly client: GitOpsClient,
  ) {}

  static async open(options: Parameters<typeof openHome>[0] = {}): Promise<Engine> {
    const home = await openHome(options);
    await home.ok('app', 'list');
    const { address } = await home.json<{ address: string }>('server', 'status');
    return new Engine(home, await connect({ address, local: true, artifacts: new FolderStore(home.dir) }));
  }

  async close(): Promise<void> {
    await this.client.temporal.connection.close();
    await this.home.close();
    for (const repository of this.repositories) repository.remove();
  }

  /** @param fields more of the declaration, as Lua */
  async declare(name: string, files: Readonly<Record<string, string>>, fields = ''): Promise<TestApplication> {
    const repository = createRepository(files);
    this.repositories.push(repository);
    const namespace = await freshNamespace(name);
    const source = `return assert(gitops.workflow({ repo = "${repository.url}", name = "${name}", namespace = "${namespace}" ${fields} }))`;
    await this.client.scripts.result(await this.client.scripts.start({ name: `${name}.lua`, source }));
    return { name, id: (await this.client.status(name)).spec.id, namespace, repository };
  }

  async sync({ id }: Pick<TestApplication, 'id'>, request: SyncRequest = {}): Promise<SyncRecord> {
    return this.client.wait(await this.client.sync(id, { who: 'test', ...request }));
  }

  /** Until the sync has begun that phase. */
  async untilPhase(ticket: SyncTicket, phase: string): Promise<void> {
    await eventually(async () => {
      const steps = await this.client.workflows.steps(ticket.workflowId).catch(() => []);
      return steps.some((step) => step.summary.startsWith(phase)) ? true : undefined;
    });
  }

  /** Runs a script to its end, whatever that is. @returns its workflow id */
  async script(name: string, source: string): Promise<string> {
    const run = await this.client.scripts.start({ name, source });
    await this.client.scripts.result(run).catch(() => undefined);
    return run.workflowId;
  }
}
