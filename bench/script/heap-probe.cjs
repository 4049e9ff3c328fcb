/**
 * Preloaded into a worker process and all of its threads (`node --expose-gc --require`): on SIGUSR2 every thread collects
 * its garbage twice, and the process writes the bytes that they hold together into `heap.json` of its home.
 */
const { renameSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { getHeapStatistics } = require('node:v8');
const { BroadcastChannel, isMainThread } = require('node:worker_threads');

const channel = new BroadcastChannel('heap');
const answersWithinMs = 5000;

if (isMainThread) process.on('SIGUSR2', () => void report());
else channel.onmessage = ({ data }) => data === 'collect' && channel.postMessage(held());
channel.unref();

async function report() {
  const answers = [];
  channel.onmessage = ({ data }) => answers.push(data);
  channel.postMessage('collect');
  await new Promise((resolve) => setTimeout(resolve, answersWithinMs));
  const bytes = [held(), ...answers].reduce((sum, one) => sum + one, 0);
  const file = join(process.env.SLOTH_HOME, 'heap.json');
  writeFileSync(`${file}.part`, JSON.stringify({ threads: answers.length + 1, bytes }));
  renameSync(`${file}.part`, file);
}

/** Strings of Lua are byte arrays, which V8 keeps outside its heap. */
function held() {
  globalThis.gc();
  globalThis.gc();
  const { used_heap_size: heap, external_memory: external } = getHeapStatistics();
  return heap + external;
}
