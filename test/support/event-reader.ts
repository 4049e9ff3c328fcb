/** Reads server-sent events of the API as a browser would. */
import { get, type IncomingMessage } from 'node:http';
import type { Api } from './api.js';
import { eventually } from './eventually.js';

export interface SeenEvent {
  readonly id: string;
  readonly event: string;
  readonly data: unknown;
}

export class EventReader {
  readonly seen: SeenEvent[] = [];
  private text = '';

  private constructor(private readonly response: IncomingMessage) {
    response.on('data', (part: Buffer) => this.take(part.toString())).on('error', () => undefined);
  }

  /** @param after id of the last event that was seen before */
  static open(api: Api, query: string, after?: string): Promise<EventReader> {
    const headers = {
      authorization: `Bearer ${api.token}`,
      ...(after === undefined ? {} : { 'last-event-id': after }),
    };
    return new Promise((resolve, reject) => {
      get(`${api.url}/api/v1/stream?${query}`, { headers, agent: false }, (response) => {
        if (response.statusCode === 200) resolve(new EventReader(response));
        else reject(new Error(`the stream answers ${response.statusCode}`));
      }).on('error', reject);
    });
  }

  until(wanted: (event: SeenEvent) => boolean): Promise<SeenEvent> {
    return eventually(async () => this.seen.find(wanted));
  }

  close(): void {
    this.response.destroy();
  }

  private take(part: string): void {
    const blocks = (this.text + part).split('\n\n');
    this.text = blocks.pop() ?? '';
    for (const block of blocks) {
      const fields = Object.fromEntries(
        block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]),
      );
      const { id = '', event = '', data } = fields;
      if (data !== undefined) this.seen.push({ id, event, data: JSON.parse(data) });
    }
  }
}
