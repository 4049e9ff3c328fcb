/** Server-sent events: the streams that are open, and the topics they follow. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createSession } from 'better-sse';
import type { GitOpsClient } from '../../client/index.js';
import { Slots } from '../slots.js';
import { allApplications, oneApplication, oneRun } from './sources.js';
import { Topic, type NumberedEvent, type Source } from './topic.js';

export interface StreamLimits {
  readonly mostStreams: number;
  readonly heartbeatMs: number;
  /** A stream is closed after so long; a client comes back, with its token. */
  readonly longestMs: number;
  /** A topic that nobody follows is kept for those who come back. */
  readonly lingerMs: number;
}

export const usualStreams: StreamLimits = {
  mostStreams: 100,
  heartbeatMs: 15_000,
  longestMs: 3_600_000,
  lingerMs: 30_000,
};
const retryMs = 2000;
/** A client that reads this much too slowly is cut off, and comes back. */
const mostUnread = 1024 * 1024;

export interface Followed {
  readonly app?: string | undefined;
  readonly run?: string | undefined;
}

export type ServeStream = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

export class Streams {
  private readonly topics = new Map<string, Topic>();
  private readonly open: Slots;

  /** @param onChange hears how many streams are open */
  constructor(
    private readonly client: GitOpsClient,
    private readonly onChange: (open: number) => void,
    private readonly limits: StreamLimits,
  ) {
    this.open = new Slots('event streams', limits.mostStreams);
  }

  /**
   * Checks that there is such a thing and that there is room; what comes after it cannot be answered with an error.
   * @throws UnknownApplication, UnknownWorkflow, TooBusy
   */
  async admit(followed: Followed): Promise<ServeStream> {
    const [key, source] = await this.find(followed);
    const leave = this.open.enter();
    return (request, response) => this.serve(this.topic(key, source), request, response, leave);
  }

  close(): void {
    for (const topic of this.topics.values()) topic.stop();
    this.topics.clear();
  }

  private async find({ app, run }: Followed): Promise<[key: string, source: Source]> {
    if (run !== undefined) {
      const { type, runId } = await this.client.workflows.describe(run);
      return [`run ${run} ${runId}`, oneRun(this.client, run, type)];
    }
    if (app === undefined) return ['all', allApplications(this.client)];
    const { spec } = await this.client.status(app);
    return [`app ${spec.id}`, oneApplication(this.client, spec.id)];
  }

  private topic(key: string, source: Source): Topic {
    const found = this.topics.get(key);
    if (found !== undefined && !found.isOver) return found;
    const topic = new Topic(source, () => void setTimeout(() => this.forget(key, topic), this.limits.lingerMs).unref());
    this.topics.set(key, topic);
    return topic;
  }

  private forget(key: string, topic: Topic): void {
    if (!topic.isIdle) return;
    topic.stop();
    if (this.topics.get(key) === topic) this.topics.delete(key);
  }

  private async serve(
    topic: Topic,
    request: IncomingMessage,
    response: ServerResponse,
    leave: () => void,
  ): Promise<void> {
    const silenced = new Promise((resolve) => response.once('close', resolve)).then(leave);
    const headers = { 'x-content-type-options': 'nosniff', 'x-accel-buffering': 'no' };
    const session = await createSession(request, response, {
      keepAlive: this.limits.heartbeatMs,
      retry: retryMs,
      headers,
    });
    const push = ({ event, data, id }: NumberedEvent): void => {
      if (response.writableLength > mostUnread) response.destroy();
      else session.push(data, event, id);
    };
    const silence = topic.listen(session.lastId === '' ? undefined : session.lastId, push);
    const longest = setTimeout(() => response.end(), this.limits.longestMs).unref();
    this.onChange(this.open.taken);
    await silenced;
    silence();
    clearTimeout(longest);
    this.onChange(this.open.taken);
  }
}
