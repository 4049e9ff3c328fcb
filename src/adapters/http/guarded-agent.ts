/**
 * Connections to where scripts may talk. Link-local addresses are refused, where clouds tell machines their credentials:
 * the address that is connected to counts, not the name in the URL.
 */
import { lookup, type LookupAddress } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { Agent } from 'undici';
import { GitOpsError } from '../../domain/errors.js';

/** Link-local, and the metadata services that live elsewhere. */
const metadata = new BlockList();
metadata.addSubnet('169.254.0.0', 16, 'ipv4');
metadata.addSubnet('fe80::', 10, 'ipv6');
metadata.addAddress('fd00:ec2::254', 'ipv6');
metadata.addAddress('100.100.100.200', 'ipv4');

export interface AddressRules {
  readonly allowLinkLocal: boolean;
}

export class GuardedAgent {
  readonly agent: Agent;

  constructor(private readonly rules: AddressRules) {
    this.agent = new Agent({ connect: { lookup: this.lookup }, keepAliveTimeout: 1000, pipelining: 1 });
  }

  /** An address in place of a name is never looked up. @throws GitOpsError NotAllowed */
  checkHost(url: URL): void {
    const host = url.hostname.replace(/^\[|\]$/g, '');
    if (isIP(host) !== 0) this.check(host, host);
  }

  /** The address behind a name. @throws GitOpsError NotAllowed, RequestFailed */
  addressOf(host: string): Promise<string> {
    return new Promise((resolve, reject) => {
      this.lookup(host, {}, (error, address) => {
        if (error === null) return resolve(String(address));
        if (error instanceof GitOpsError) return reject(error);
        return reject(new GitOpsError('RequestFailed', `the host ${host} is not known`, { cause: error }));
      });
    });
  }

  private readonly lookup: LookupFunction = (host, options, done) => {
    lookup(host, { ...options, all: true }, (error, addresses) => {
      if (error) return done(error, [], 0);
      try {
        addresses.forEach(({ address }) => this.check(host, address));
      } catch (refused) {
        return done(refused as NodeJS.ErrnoException, [], 0);
      }
      return answer(addresses, options.all === true, done);
    });
  };

  private check(host: string, address: string): void {
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (this.rules.allowLinkLocal || !metadata.check(address.replace(/%.*$/, ''), family)) return;
    throw new GitOpsError('NotAllowed', `${host} is a link-local address; scripts may not talk to it`, {
      hint: 'an operator can allow it: http: { allow_link_local: true } in the configuration of the worker',
    });
  }
}

function answer(addresses: readonly LookupAddress[], all: boolean, done: Parameters<LookupFunction>[2]): void {
  const [first] = addresses;
  if (all) return done(null, [...addresses]);
  return done(null, first?.address ?? '', first?.family ?? 4);
}
