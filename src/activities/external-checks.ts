/**
 * Carries out the checks beyond objects: all at once, each in a row of measurements, until every one has passed, one has
 * failed, or the time is up.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { SendRequest } from '../adapters/http/request.js';
import type { ResolveSecret } from '../adapters/secrets/resolve-secret.js';
import { maskPair } from '../domain/diff/mask.js';
import {
  measureHttp,
  measureMetric,
  measurementError,
  measureVerdict,
  MeasurementRow,
  unreachable,
  type Answer,
  type ExternalCheck,
  type HttpCheck,
  type LuaCheck,
  type Measurement,
  type MetricCheck,
} from '../domain/health/external-checks.js';
import type { Verdict } from '../domain/health/status.js';
import type { KubernetesObject } from '../domain/object.js';
import { redact } from '../domain/redaction.js';
import type { ObjectHealth } from '../domain/sync.js';

/** How the outside world is asked; built where the worker is. */
export interface CheckTools {
  readonly send: SendRequest;
  readonly resolveSecret: ResolveSecret;
  /** Runs a script of the user's with these globals. */
  readonly judgeByLua: (script: string, globals: Readonly<Record<string, unknown>>) => Promise<Verdict>;
}

export interface CheckRequest {
  readonly checks: readonly ExternalCheck[];
  /** The live objects a script may look at; read when the first one asks. */
  readonly objects: () => Promise<readonly KubernetesObject[]>;
  /** On the clock of `performance.now`. */
  readonly deadline: number;
  readonly signal: AbortSignal;
}

export interface CheckResults {
  /** Those that did not pass, as health lists show them. */
  readonly unhealthy: readonly ObjectHealth[];
  readonly timedOut: boolean;
}

interface Ended {
  readonly check: ExternalCheck;
  readonly verdict: 'passed' | 'failed' | 'timed out' | 'cut off';
  readonly message: string;
}

/** @throws GitOpsError SecretUnavailable, and whatever `objects` throws */
export async function runExternalChecks(request: CheckRequest, tools: CheckTools): Promise<CheckResults> {
  const failed = new AbortController(); // one failure decides: nobody waits for the others
  const signal = AbortSignal.any([request.signal, failed.signal]);
  const runs = request.checks.map(async (check) => {
    const ended = await new CheckRun(check, { ...request, signal }, tools).untilOver();
    if (ended.verdict === 'failed') failed.abort();
    return ended;
  });
  const all = await Promise.all(
    runs.map((run) => run.catch((error: unknown) => (failed.abort(), Promise.reject(error)))),
  );
  request.signal.throwIfAborted();
  const bad = all.filter(({ verdict }) => verdict === 'failed' || verdict === 'timed out');
  return {
    unhealthy: bad.map(asHealth),
    timedOut: bad.some((e) => e.verdict === 'timed out') && !bad.some((e) => e.verdict === 'failed'),
  };
}

/** Checks stand beside objects in lists of what is not healthy, under a kind of their own. */
function asHealth({ check, verdict, message }: Ended): ObjectHealth {
  return {
    object: { apiVersion: 'sloth-runner.dev/v1', kind: 'HealthCheck', name: check.name },
    status: verdict === 'failed' ? 'Degraded' : 'Progressing',
    message: redact(message),
  };
}

class CheckRun {
  private readonly row: MeasurementRow;
  private readonly measuring: Measuring;

  constructor(
    private readonly check: ExternalCheck,
    private readonly request: CheckRequest,
    tools: CheckTools,
  ) {
    this.row = new MeasurementRow(check);
    this.measuring = new Measuring(request, tools);
  }

  async untilOver(): Promise<Ended> {
    const { deadline, signal } = this.request;
    for (;;) {
      if (signal.aborted) return this.ended('cut off');
      const verdict = this.row.add(await this.measuring.measure(this.check));
      if (verdict !== 'going on') return this.ended(verdict);
      const left = deadline - performance.now();
      if (left < this.check.intervalMs) return this.ended('timed out');
      await delay(this.check.intervalMs, undefined, { signal }).catch(() => undefined);
    }
  }

  private ended(verdict: Ended['verdict']): Ended {
    return { check: this.check, verdict, message: this.row.explain() };
  }
}

/** One measurement of one check. */
export class Measuring {
  constructor(
    private readonly request: Pick<CheckRequest, 'objects' | 'signal'>,
    private readonly tools: CheckTools,
  ) {}

  measure(check: ExternalCheck): Promise<Measurement> {
    switch (check.type) {
      case 'http':
        return this.measureHttp(check);
      case 'metric':
        return this.measureMetric(check);
      case 'lua':
        return this.measureLua(check);
    }
  }

  private async measureHttp(check: HttpCheck): Promise<Measurement> {
    const headers = await this.headersOf(check);
    try {
      return measureHttp(check, await this.send(check, check.url, check.method, headers));
    } catch (error) {
      return unreachable(check, (error as Error).message);
    }
  }

  private async measureMetric(check: MetricCheck): Promise<Measurement> {
    const headers = await this.headersOf(check);
    try {
      return measureMetric(check, await this.send(check, queryAddress(check), 'GET', headers));
    } catch (error) {
      return measurementError(`${check.url} does not answer: ${(error as Error).message}`);
    }
  }

  private async measureLua(check: LuaCheck): Promise<Measurement> {
    const objects = (await this.request.objects()).map((object) => maskPair(object, undefined)[0]);
    return measureVerdict(await this.tools.judgeByLua(check.script, { objects }));
  }

  private send(
    { timeoutMs }: ExternalCheck,
    url: string,
    method: string,
    headers: Readonly<Record<string, string>>,
  ): Promise<Answer> {
    return this.tools.send({ url, method, headers, timeoutMs, signal: this.request.signal });
  }

  /** Secrets are looked up for each request and kept nowhere. */
  private async headersOf({ headers }: HttpCheck | MetricCheck): Promise<Record<string, string>> {
    const resolved = Object.entries(headers).map(async ([name, value]) => [name, await this.valueOf(value)] as const);
    return Object.fromEntries(await Promise.all(resolved));
  }

  /** `secret:token`, or behind a word: `Bearer secret:token`. */
  private async valueOf(value: string): Promise<string> {
    const [, before = '', reference] = /^(\w+ )?((?:secret|env|file):\S+)$/.exec(value) ?? [];
    return reference === undefined ? value : before + (await this.tools.resolveSecret(reference));
  }
}

function queryAddress({ url, query }: MetricCheck): string {
  const address = new URL(url);
  if (!address.pathname.endsWith('/api/v1/query'))
    address.pathname = `${address.pathname.replace(/\/$/, '')}/api/v1/query`;
  address.searchParams.set('query', query);
  return address.href;
}
