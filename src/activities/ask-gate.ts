/**
 * Asks a gate once. Whatever it answers is a result, also that it does not answer: the workflow decides what follows.
 */
import type { Exchange } from '../adapters/http/exchange.js';
import type { ResolveSecret } from '../adapters/secrets/resolve-secret.js';
import { GitOpsError } from '../domain/errors.js';
import { gateAnswer, type ExternalGate, type GateAnswer, type GateQuestion } from '../domain/external-gate.js';
import { redact } from '../domain/redaction.js';
import { withHeartbeat } from './heartbeat.js';
import { maskErrors } from './http-request.js';
import { resolveTexts } from './secret-values.js';

export interface AskGateInput {
  readonly gate: ExternalGate;
  readonly question: GateQuestion;
}

type OpenGate = Pick<ExternalGate, 'method' | 'timeoutMs'> & {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
};

export function createAskGate(deps: { exchange: Exchange; resolveSecret: ResolveSecret; now: () => number }) {
  /** @throws GitOpsError SecretUnavailable, NotAllowed, InvalidInput: what asking again does not mend */
  return async function askGate({ gate, question }: AskGateInput): Promise<GateAnswer> {
    const { value, mask } = await resolveTexts<OpenGate>(gate, deps.resolveSecret);
    const answer = await maskErrors({ mask }, () => ask(value, question, deps));
    return { ...answer, reason: redact(mask(answer.reason)) };
  };
}

const unanswered: ReadonlySet<string> = new Set(['RequestFailed', 'Timeout']);

async function ask(
  { url, method, headers, timeoutMs }: OpenGate,
  question: GateQuestion,
  { exchange, now }: { exchange: Exchange; now: () => number },
): Promise<GateAnswer> {
  try {
    const {
      status,
      headers: answered,
      body,
    } = await withHeartbeat(({ signal }) =>
      exchange({
        method,
        url,
        headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
        body: JSON.stringify(question),
        timeoutMs,
        signal,
        followRedirects: false,
        confidential: true,
      }),
    );
    return gateAnswer(status, answered['retry-after'], body.toString('utf8'), now());
  } catch (error) {
    if (!(error instanceof GitOpsError) || !unanswered.has(error.code)) throw error;
    return { verdict: 'outage', reason: error.message };
  }
}
