/**
 * Registers our search attributes with a Temporal that was not started by us.
 */
import { Connection } from '@temporalio/client';
import protocol from '@temporalio/proto'; // CommonJS: it has no named exports for Node to see
import { GitOpsError } from '../domain/errors.js';
import { connectionOptions, type TemporalAddress } from '../client/temporal-options.js';
import { searchAttributeNames } from '../workflows/search-attributes.js';

const { INDEXED_VALUE_TYPE_KEYWORD } = protocol.temporal.api.enums.v1.IndexedValueType;

/** @throws GitOpsError NotAllowed with the command to run, where we may not register them */
export async function registerSearchAttributes({ address, namespace }: TemporalAddress): Promise<void> {
  const connection = await connectTo(address);
  try {
    const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
    const missing = searchAttributeNames.filter((name) => customAttributes?.[name] === undefined);
    if (missing.length > 0) await add(connection, namespace, missing);
  } finally {
    await connection.close();
  }
}

async function connectTo(address: string): Promise<Connection> {
  try {
    return await Connection.connect(connectionOptions({ address }));
  } catch (error) {
    throw new GitOpsError('TemporalUnavailable', `no Temporal answers at ${address}`, {
      hint: 'set TEMPORAL_ADDRESS, or say --dev',
      cause: error,
    });
  }
}

async function add(connection: Connection, namespace: string, names: readonly string[]): Promise<void> {
  try {
    const searchAttributes = Object.fromEntries(names.map((name) => [name, INDEXED_VALUE_TYPE_KEYWORD]));
    await connection.operatorService.addSearchAttributes({ namespace, searchAttributes });
  } catch (error) {
    const flags = names.map((name) => `--name ${name} --type Keyword`).join(' ');
    throw new GitOpsError('NotAllowed', `could not register search attributes: ${(error as Error).message}`, {
      hint: `let an operator run: temporal operator search-attribute create --namespace ${namespace} ${flags}`,
      cause: error,
    });
  }
}
