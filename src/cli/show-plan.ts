/**
 * Makes a plan and prints it.
 */
import { stringify } from 'yaml';
import type { Config } from '../config/config.js';
import type { PlanDocument } from '../lua/plan/document.js';
import { refuseSecrets } from '../lua/literal-secrets.js';
import type { AskEngine } from '../lua/plan/engine-facts.js';
import type { ScriptInput } from '../workflows/messages.js';
import { engineFacts } from './engine-facts.js';
import { exitCodes } from './failure.js';
import { planMermaid } from './plan-mermaid.js';
import { planTree } from './plan-tree.js';
import type { Terminal } from './terminal.js';
import { fengariConfiguration } from '../lua/fengari-configuration.js';

export type PlanOutput = 'tree' | 'json' | 'yaml' | 'mermaid';

const formats: Readonly<Record<PlanOutput, (plan: PlanDocument, paint: Terminal['paint']) => string>> = {
  tree: planTree,
  json: (plan) => JSON.stringify(plan, null, 2),
  yaml: (plan) => stringify(plan).trimEnd(),
  mermaid: planMermaid,
};

/** @returns the exit code: 1 when the script ends with an error whatever it is answered */
export async function showPlan(
  input: ScriptInput & { name: string },
  { live = false, output }: { live?: boolean; output: PlanOutput },
  config: Config,
  terminal: Terminal,
): Promise<number> {
  const plan = live ? await livePlan(input, config, terminal) : await makePlan(input, config);
  terminal.print(formats[output](plan, terminal.paint));
  plan.warnings.forEach((warning) => terminal.error(`${terminal.paint.yellow('warning:')} ${warning}`));
  if (plan.end.status !== 'failed') return exitCodes.ok;
  terminal.error(
    `${terminal.paint.red('error:')} the script ends with an error: ${plan.end.message ?? 'no reason given'}`,
  );
  terminal.error('  next: no answer of its last step lets it go on; look at that line, or try plan --live');
  return exitCodes.failed;
}

/** @throws GitOpsError what `planScript` throws, and LiteralSecret */
export async function makePlan(
  input: ScriptInput & { name: string },
  config: Config,
  ask?: AskEngine,
): Promise<PlanDocument> {
  refuseSecrets(input);
  // Fengari reads it while it is loaded, see src/lua/fengari.ts.
  process.env['FENGARICONF'] = fengariConfiguration;
  const { planScript } = await import('../lua/plan/plan-script.js');
  const facts = engineFacts(config, input);
  return planScript(input, { facts, now: Date.now(), ...(ask === undefined ? {} : { ask }) });
}

async function livePlan(
  input: ScriptInput & { name: string },
  config: Config,
  terminal: Terminal,
): Promise<PlanDocument> {
  const { openSession } = await import('./session.js');
  const { askClient } = await import('./ask-engine.js');
  const session = await openSession(config, terminal);
  try {
    return await makePlan(input, config, askClient(session.client));
  } finally {
    await session.close();
  }
}
