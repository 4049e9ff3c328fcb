import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { startProcess, waitUntilReady, type RunningProcess } from '../../src/local/process-group.js';
import { isRunning, signal, stopProcess } from '../../src/local/process-identity.js';

const dir = mkdtempSync(join(tmpdir(), 'sloth-process-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function start(script: string): Promise<RunningProcess> {
  const logFile = join(dir, 'process.log');
  rmSync(logFile, { force: true });
  return startProcess({ name: 'sample', command: process.execPath, args: ['-e', script], env: {}, logFile });
}

const saysReady =
  ({ logFile }: RunningProcess) =>
  async (): Promise<boolean> =>
    readFileSync(logFile, 'utf8').includes('ready');

function waitFor(started: RunningProcess, timeoutMs = 10_000): Promise<void> {
  return waitUntilReady({ what: 'the sample', processes: [started], isReady: saysReady(started), timeoutMs });
}

describe('a started process', () => {
  it('leads a process group of its own and logs to a private file', async () => {
    const started = await start(`console.log('ready'); setInterval(() => {}, 1000)`);
    await waitFor(started);
    const group = readFileSync(`/proc/${started.pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[2];
    expect(Number(group)).toBe(started.pid);
    expect(statSync(started.logFile).mode & 0o777).toBe(0o600);
    await stopProcess(started);
    expect(isRunning(started)).toBe(false);
  });

  it('that exits early is reported with its last words, long before the timeout', async () => {
    const started = await start(`console.error('no such disk'); process.exit(3)`);
    await expect(waitFor(started, 60_000)).rejects.toMatchObject({
      code: 'LocalClusterFailed',
      message: expect.stringMatching(/sample exited\n.*no such disk/s),
      hint: expect.stringContaining(started.logFile),
    });
  });

  it('that never becomes ready is reported after the timeout', async () => {
    const started = await start(`setInterval(() => {}, 1000)`);
    await expect(waitFor(started, 100)).rejects.toThrow('the sample did not become ready: not after 100 ms');
    await stopProcess(started);
  });

  it('that ignores SIGTERM is killed after the grace time', async () => {
    const started = await start(`process.on('SIGTERM', () => {}); console.log('ready'); setInterval(() => {}, 1000)`);
    await waitFor(started);
    await stopProcess(started, 100);
    expect(isRunning(started)).toBe(false);
  });

  it('is not confused with another process of the same pid', () => {
    const reused = { pid: process.pid, startedAt: '1' };
    expect(isRunning(reused)).toBe(false);
    signal(reused, 'SIGKILL'); // would end this test run
  });

  it('with a missing command is a missing tool', async () => {
    const spec = { name: 'absent', command: join(dir, 'absent'), args: [], env: {}, logFile: join(dir, 'absent.log') };
    await expect(startProcess(spec)).rejects.toMatchObject({ code: 'ToolMissing' });
  });
});
