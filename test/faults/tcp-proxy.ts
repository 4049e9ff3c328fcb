/**
 * A TCP proxy between a worker and one of its servers, which the test can make fail. It knows nothing of what it
 * carries, TLS or not.
 */
import { createServer, connect, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * `pass`; `refuse`: connections break and new ones are closed at once; `blackHole`: nothing moves and nothing breaks;
 * `deaf`: requests go on to the server, its answers are lost; `slow`: each piece waits for `delayMs`.
 */
export type ProxyMode = 'pass' | 'refuse' | 'blackHole' | 'deaf' | 'slow';

export class TcpProxy {
  private mode: ProxyMode = 'pass';
  private delayMs = 0;
  private readonly pairs = new Set<readonly [Socket, Socket]>();

  private constructor(
    private readonly server: Server,
    /** Where it forwards to; a server that comes back on another port is followed by changing this. */
    public target: number,
  ) {}

  static async start(target: number): Promise<TcpProxy> {
    const server = createServer();
    const proxy = new TcpProxy(server, target);
    server.on('connection', (client) => proxy.accept(client));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get port(): number {
    return (this.server.address() as { port: number }).port;
  }

  set(mode: ProxyMode, delayMs = 0): void {
    this.mode = mode;
    this.delayMs = delayMs;
    if (mode === 'refuse') this.cut();
  }

  /** Breaks every connection there is; new ones are treated by the mode. */
  cut(): void {
    for (const pair of this.pairs) for (const socket of pair) socket.destroy();
  }

  async stop(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private accept(client: Socket): void {
    if (this.mode === 'refuse') return void client.destroy();
    const upstream = connect(this.target, '127.0.0.1');
    const pair = [client, upstream] as const;
    this.pairs.add(pair);
    this.forward(client, upstream, 'request');
    this.forward(upstream, client, 'answer');
    for (const socket of pair) {
      socket.on('error', () => undefined);
      socket.on('close', () => (this.pairs.delete(pair), pair.forEach((one) => one.destroy())));
    }
  }

  /** One piece after the other: a slow one holds up those behind it, as on a real line. */
  private forward(from: Socket, to: Socket, direction: 'request' | 'answer'): void {
    let line = Promise.resolve();
    from.on('data', (piece) => {
      line = line.then(() => this.carry(piece, to, direction));
    });
    from.on('end', () => void line.then(() => to.end()));
  }

  private async carry(piece: Buffer, to: Socket, direction: 'request' | 'answer'): Promise<void> {
    while (this.mode === 'blackHole') await delay(20);
    if (this.mode === 'deaf' && direction === 'answer') return;
    if (this.mode === 'slow') await delay(this.delayMs);
    if (!to.destroyed) to.write(piece);
  }
}
