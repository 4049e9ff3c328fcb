/**
 * The reading calls of a script, answered by the engine with the tables a run would get.
 */
import { createApplicationCalls } from '../activities/application-calls.js';
import { createReadArtifactText } from '../activities/read-artifact.js';
import type { GitOpsClient } from '../client/gitops-client.js';
import { hasCode } from '../domain/errors.js';
import type { Data } from '../lua/host.js';
import type { AskEngine } from '../lua/plan/engine-facts.js';

type Ask = (args: readonly Data[]) => Promise<unknown>;

export function askClient(client: GitOpsClient): AskEngine {
  const questions = questionsTo(client);
  return async (call, args) => {
    try {
      return JSON.parse(JSON.stringify((await questions[call]?.(args)) ?? null)) as Data;
    } catch (error) {
      if (hasCode(error, 'UnknownApplication')) return undefined;
      throw error;
    }
  };
}

function questionsTo(client: GitOpsClient): Readonly<Record<string, Ask>> {
  const { artifacts } = client;
  const calls = createApplicationCalls({ client, artifacts });
  const readText = createReadArtifactText({ artifacts });
  const diff: Ask = async ([app, options]) => {
    const preview = await client.preview(app as string, (options ?? {}) as { revision?: string });
    return calls.readDiffTable({ app: app as string, preview });
  };
  return {
    'gitops.get_workflow_status': ([app]) => calls.readStatusTable({ app: app as string }),
    'gitops.wait': ([app]) => calls.readStatusTable({ app: app as string }),
    'gitops.generate_diff': diff,
    'gitops.preview_changes': diff,
    'gitops.list_workflows': ([filter]) => calls.listApplications({ filter: (filter ?? {}) as never, include: [] }),
    'gitops.history': ([app, limit]) =>
      calls.readHistoryTable({ app: app as string, ...(typeof limit === 'number' ? { limit } : {}) }),
    'artifact.read': ([digest, path]) => readText({ digest: digest as string, path: path as string }),
  };
}
