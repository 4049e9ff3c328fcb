/**
 * How to reach a Temporal: our own local server plainly, any other as Temporal's own tools would (`TEMPORAL_*`
 * variables and the profile in `temporal.toml`).
 */
import { loadClientConnectConfig } from '@temporalio/envconfig';

export interface TemporalAddress {
  readonly address: string;
  readonly namespace: string;
  /** A server of ours on loopback: no profile of the user is meant for it. */
  readonly local?: boolean;
}

type ConnectionOptions = NonNullable<ReturnType<typeof loadClientConnectConfig>['connectionOptions']>;

export function connectionOptions({ address, local }: Pick<TemporalAddress, 'address' | 'local'>): ConnectionOptions {
  return local === true ? { address } : { ...loadClientConnectConfig().connectionOptions, address };
}
