/**
 * An engine as an operator runs it: a Temporal, and a server in production mode that works on it. Spoken to through the
 * command line.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTemporalServer } from '../../src/local/temporal-server.js';
import { searchAttributeNames } from '../../src/workflows/search-attributes.js';
import { binary, openHome, type Home, type HomeOptions } from './home.js';

export interface Production {
  readonly home: Home;
  close(): Promise<void>;
}

export async function openProduction({ config = {}, ...options }: HomeOptions): Promise<Production> {
  const dir = mkdtempSync(join(tmpdir(), 'sloth-production-'));
  const searchAttributes = Object.fromEntries(searchAttributeNames.map((name) => [name, 'Keyword'] as const));
  const temporal = await startTemporalServer({ dir, ui: false, searchAttributes, detached: false });
  const env = { ...options.env, TEMPORAL_ADDRESS: temporal.address };
  const home = await openHome({ ...options, env, config: { mode: 'production', ...config } });
  const server = spawn(process.execPath, [binary, 'server'], { env: home.env, cwd: home.dir, stdio: 'ignore' });
  return {
    home,
    close: async () => {
      const gone = new Promise((resolve) => server.once('exit', resolve));
      if (server.kill('SIGTERM')) await gone;
      await home.close();
      await temporal.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
