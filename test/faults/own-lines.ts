/**
 * A rig with two workers, each on a line of its own to Temporal, so that one of them can be cut off alone.
 */
import { portOf, Rig } from './rig.js';
import { TcpProxy } from './tcp-proxy.js';

export class OwnLines {
  private constructor(
    readonly rig: Rig,
    /** In the order of the rig's workers. */
    readonly lines: readonly TcpProxy[],
  ) {}

  static async open(): Promise<OwnLines> {
    const rig = await Rig.open({ workers: 0 });
    const lines: TcpProxy[] = [];
    for (let n = 0; n < 2; n++) {
      const line = await TcpProxy.start(portOf(rig.temporal.address));
      lines.push(line);
      await rig.addWorker(line);
    }
    return new OwnLines(rig, lines);
  }

  async close(): Promise<void> {
    await this.rig.close();
    await Promise.all(this.lines.map((line) => line.stop()));
  }
}
