/**
 * Webhooks at a fixed rate against the API of the build, a process of its own: how long an answer takes, and whether
 * what was accepted is there. Stops by itself. `--seconds N --rate N --repositories N`.
 */
import { parseArgs } from 'node:util';
import { startApi } from './api-process.js';
import { followRepositories, lostHooks } from './followers.js';
import { sendHooks } from './load.js';
import { withTemporal } from '../setting.js';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    rate: { type: 'string', default: '300' },
    repositories: { type: 'string', default: '20' },
  },
});
const [seconds, rate] = [Number(values.seconds), Number(values.rate)];

await withTemporal(async ({ dir, temporal, client }) => {
  const repositories = await followRepositories(client, dir, Number(values.repositories));
  const api = await startApi(dir, temporal.address);
  try {
    const { latencies, accepted, refused } = await sendHooks(api.url, repositories, { seconds, rate });
    const lost = await lostHooks(client, repositories, accepted);
    const [p50, p99] = [0.5, 0.99].map((share) => latencies[Math.floor(latencies.length * share)]?.toFixed(0));
    const took = [...accepted.values()].reduce((sum, one) => sum + one.hooks, 0);
    process.stdout.write(
      `webhooks rate=${rate} seconds=${seconds} accepted=${took} refused=${refused} lost=${lost} p50_ms=${p50} p99_ms=${p99}\n`,
    );
  } finally {
    await api.stop();
  }
});
