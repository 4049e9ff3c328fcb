/** A yes or a no, told to whoever waits for it. */
import type { z } from 'zod';
import { isPromotionId } from '../../client/promotions.js';
import type { GitOpsClient } from '../../client/index.js';
import { verdictOf } from '../../domain/approval.js';
import { GitOpsError } from '../../domain/errors.js';
import type { decisionBody } from '../../schema/api-requests.js';
import { defined } from './applications.js';

type Verb = 'approve' | 'reject';
type Said = z.output<typeof decisionBody> & { readonly by: string };
type Kind = 'question' | 'plan' | 'promotion';
type Decide = (client: GitOpsClient, verb: Verb, run: string, said: Said, once?: string) => Promise<object>;

const kinds: Readonly<Record<Kind, Decide>> = { question: decideQuestion, plan: decidePlan, promotion: decideStep };

/** What may be said of each kind, besides who and why. */
const fields: Readonly<Record<Kind, readonly string[]>> = {
  question: ['question', 'answer'],
  plan: ['digest'],
  promotion: ['revision'],
};

/** @throws GitOpsError InvalidInput for what means nothing there, and what the client throws */
export async function decide(
  client: GitOpsClient,
  verb: Verb,
  run: string,
  said: Said,
  once?: string,
): Promise<object> {
  const kind = kindOf(run);
  const foreign = Object.keys(said).find((field) => !['by', 'reason', ...fields[kind]].includes(field));
  if (foreign !== undefined)
    throw new GitOpsError('InvalidInput', `body.${foreign} says nothing of a ${kind}`, {
      hint: `of a ${kind} it takes by, reason, ${fields[kind].join(', ')}`,
    });
  return { run, kind, ...(await kinds[kind](client, verb, run, said, once)) };
}

/** Whatever is neither a promotion nor a script is the name of an application, or a sync of it. */
function kindOf(run: string): Kind {
  if (isPromotionId(run)) return 'promotion';
  return /^script\/[^/]+\/[^/]+$/.test(run) ? 'question' : 'plan';
}

async function decidePlan(
  { approvals }: GitOpsClient,
  verb: Verb,
  target: string,
  { by, reason, digest }: Said,
  once?: string,
): Promise<object> {
  const { workflowId: run, approval } = await approvals[verb](target, { by, ...defined({ reason, digest }) }, once);
  return { run, verdict: verdictOf(approval, Date.now()), ...approval };
}

async function decideStep(
  { promotions }: GitOpsClient,
  verb: Verb,
  id: string,
  { by, reason, revision }: Said,
): Promise<object> {
  return promotions.decide(id, { approve: verb === 'approve', by, ...defined({ reason, revision }) });
}

async function decideQuestion(
  { scripts }: GitOpsClient,
  verb: Verb,
  workflowId: string,
  { by, reason, question, answer = verb === 'approve' ? 'y' : 'n' }: Said,
): Promise<object> {
  const { number } = await scripts.answer({ workflowId }, { answer, by, ...defined({ reason, question }) });
  return { question: number, answer };
}
