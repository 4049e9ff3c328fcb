import { randomInt } from 'node:crypto';
import { createServer, type Server } from 'node:net';

/** The one address that servers started here listen on. */
export const loopback = '127.0.0.1';

// Below Linux's ephemeral range (32768 and up): no outgoing connection can take a port between our look and its use.
const lowest = 20_000;
const highest = 32_767;

/**
 * Different free loopback ports, as many as asked for. Nothing reserves them after the return, so start the servers
 * at once; another process that takes one first makes its server exit early. Rejects when no port is free.
 */
export async function freePorts(count: number): Promise<readonly number[]> {
  const held: Server[] = [];
  try {
    while (held.length < count) held.push(await holdRandomPort());
    return held.map(portOf);
  } finally {
    await Promise.all(held.map((server) => new Promise((resolve) => server.close(resolve))));
  }
}

/** Whether nothing listens on a loopback port. */
export async function isPortFree(port: number): Promise<boolean> {
  try {
    const server = await hold(port);
    await new Promise((resolve) => server.close(resolve));
    return true;
  } catch {
    return false;
  }
}

async function holdRandomPort(attempts = 100): Promise<Server> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await hold(randomInt(lowest, highest + 1));
    } catch (error) {
      if (attempt === attempts) throw error;
    }
  }
}

function hold(port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ host: loopback, port, exclusive: true }, () => resolve(server));
  });
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a held port has no address');
  return address.port;
}
