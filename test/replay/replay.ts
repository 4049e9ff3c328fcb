/**
 * Replays histories against today's workflows, or against workflows that were changed on purpose.
 */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const bundlePath = fileURLToPath(new URL('../../dist/workflow-bundle.js', import.meta.url));
const replayer = fileURLToPath(new URL('./replay-histories.mjs', import.meta.url));

/**
 * @param files histories as `temporal workflow show --output json` prints them
 * @param bundle file of other workflows than the built ones
 * @returns by name: why it does not replay, null when it does
 */
export async function replay(files: readonly string[], bundle?: string): Promise<ReadonlyMap<string, string | null>> {
  const options = bundle === undefined ? [] : ['--bundle', bundle];
  const { stdout } = await promisify(execFile)(process.execPath, [replayer, ...options, ...files], {
    env: { ...process.env, NODE_OPTIONS: '' },
    maxBuffer: 16 << 20,
  });
  const lines = stdout.split('\n').filter((line) => line.startsWith('{"name"'));
  return new Map(
    lines.map((line) => JSON.parse(line) as { name: string; error: string | null }).map((l) => [l.name, l.error]),
  );
}

/** Text of the built workflows with two neighbouring statements in the other order. */
export function swapped(first: string, second: string): string {
  const code = readFileSync(bundlePath, 'utf8');
  const inOrder = new RegExp(`${escape(first)}\\s*${escape(second)}`);
  if (!inOrder.test(code)) throw new Error(`the bundle does not hold: ${first} ${second}`);
  return code.replace(inOrder, () => `${second}\n${first}`);
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
