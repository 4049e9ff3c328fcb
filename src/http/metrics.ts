/**
 * `/metrics`: what this process serves, and the installation as Temporal knows it, asked at most every few seconds.
 * Labels come from closed sets: no name of an application, no path.
 */
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { ApplicationSummary, GitOpsClient, QueueState } from '../client/index.js';

/** Scrapes in a row share one look at Temporal. */
const freshMs = 5000;

interface Looked {
  readonly applications: readonly ApplicationSummary[];
  readonly queues: readonly QueueState[];
  readonly syncs: number;
  readonly scripts: number;
}

export class Metrics {
  private readonly registry = new Registry();
  private looked: { at: number; facts: Promise<Looked | undefined> } | undefined;

  readonly requests = this.counter('sloth_http_requests_total', 'HTTP requests', ['method', 'route', 'status']);
  readonly durations = new Histogram({
    name: 'sloth_http_request_duration_seconds',
    help: 'Time from a request to its answer',
    labelNames: ['method', 'route'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [this.registry],
  });
  readonly webhooks = this.counter('sloth_webhooks_total', 'Webhooks by sender and answer', ['sender', 'result']);
  readonly streams = this.gauge('sloth_streams', 'Event streams that are open');

  private readonly up = this.gauge('sloth_temporal_up', 'Whether Temporal answered at the last look');
  private readonly applications = this.gauge('sloth_applications', 'Applications by status', ['status']);
  private readonly health = this.gauge('sloth_applications_health', 'Applications by health', ['health']);
  private readonly drifted = this.gauge('sloth_applications_drifted', 'Applications whose live objects drifted');
  private readonly runs = this.gauge('sloth_runs', 'Workflows that run now', ['type']);
  private readonly waiting = this.gauge('sloth_queue_waiting', 'Tasks nobody took yet, about', ['queue', 'tasks']);
  private readonly workers = this.gauge('sloth_queue_workers', 'Workers that poll', ['queue', 'tasks']);

  /** @param workerMetrics where the workers of this process show theirs, the SDK's included */
  constructor(
    private readonly client: GitOpsClient,
    private readonly workerMetrics?: string,
  ) {}

  /** In Prometheus' text format. */
  async page(): Promise<string> {
    this.show(await this.look());
    return [await this.registry.metrics(), await this.ofWorkers()].join('');
  }

  private look(): Promise<Looked | undefined> {
    if (this.looked === undefined || Date.now() - this.looked.at > freshMs)
      this.looked = { at: Date.now(), facts: this.ask().catch(() => undefined) };
    return this.looked.facts;
  }

  private async ask(): Promise<Looked> {
    const { client } = this;
    return client.within(freshMs, async () => {
      const applications = await client.list();
      const clusters = [...new Set(applications.map(({ cluster }) => cluster))].filter((name) => name !== '');
      const [queues, syncs, scripts] = await Promise.all([
        client.installation.queues(clusters),
        client.installation.running('sync'),
        client.installation.running('script'),
      ]);
      return { applications, queues, syncs, scripts };
    });
  }

  private show(facts: Looked | undefined): void {
    this.up.set(facts === undefined ? 0 : 1);
    for (const gauge of [this.applications, this.health, this.drifted, this.runs, this.waiting, this.workers])
      gauge.reset();
    if (facts === undefined) return;
    for (const { status, health, drift } of facts.applications) {
      this.applications.inc({ status });
      this.health.inc({ health });
      if (drift) this.drifted.inc();
    }
    this.runs.set({ type: 'sync' }, facts.syncs);
    this.runs.set({ type: 'script' }, facts.scripts);
    for (const { queue, tasks, waiting, workers } of facts.queues) {
      this.waiting.set({ queue, tasks }, waiting);
      this.workers.set({ queue, tasks }, workers);
    }
  }

  private async ofWorkers(): Promise<string> {
    if (this.workerMetrics === undefined) return '';
    const answer = await fetch(this.workerMetrics, { signal: AbortSignal.timeout(2000) }).catch(() => undefined);
    return answer?.ok === true ? answer.text() : '';
  }

  private counter(name: string, help: string, labelNames: string[]): Counter {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }

  private gauge(name: string, help: string, labelNames: string[] = []): Gauge {
    return new Gauge({ name, help, labelNames, registers: [this.registry] });
  }
}
