/**
 * Rows of a table, run in several rigs at a time: most of a row is waiting until somebody is taken for dead. A row has
 * its rig, and the application in it, for itself.
 */
import type { ApplicationUnderTest } from './application-under-test.js';
import { Rig } from './rig.js';

/** What a lane works on. */
interface Subject {
  readonly rig: Rig;
  close(): Promise<void>;
}

export class Lanes<Row, Result, App extends Subject = ApplicationUnderTest> {
  private readonly outcomes = new Map<Row, Promise<Result>>();
  private readonly apps: App[] = [];

  constructor(
    private readonly rows: readonly Row[],
    private readonly run: (app: App, row: Row) => Promise<Result>,
    private readonly create: (rig: Rig) => Promise<App>,
  ) {}

  /** Opens the rigs and begins with the rows. */
  async start(count: number): Promise<void> {
    const rigs = await Promise.all(Array.from({ length: count }, () => Rig.open()));
    try {
      this.apps.push(...(await Promise.all(rigs.map((rig) => this.create(rig)))));
    } catch (error) {
      await Promise.all(rigs.map((rig) => rig.close()));
      throw error;
    }
    let lanes = this.apps.map(() => Promise.resolve());
    this.rows.forEach((row, i) => {
      const lane = i % count;
      const outcome = (lanes[lane] as Promise<void>).then(() => this.run(this.apps[lane] as App, row));
      this.outcomes.set(row, outcome);
      const over = outcome.then(
        () => undefined,
        () => undefined, // told by `resultOf`; the next row goes on
      );
      lanes = lanes.with(lane, over);
    });
  }

  resultOf(row: Row): Promise<Result> {
    return this.outcomes.get(row) as Promise<Result>;
  }

  /** Once every row is over. */
  async rigs(): Promise<readonly Rig[]> {
    await Promise.allSettled(this.outcomes.values());
    return this.apps.map((app) => app.rig);
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.outcomes.values());
    await Promise.all(this.apps.map((app) => app.close()));
  }
}
