import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import ipaddr from 'ipaddr.js';
import type { AddressRanges } from '../../core/observables/address-ranges.ts';
import { parseAddress } from '../../core/observables/address-ranges.ts';
import type { OnRefused } from './refusals.ts';

export interface ConnectionSharesOptions {
  readonly maxConnectionsPerAddress: number;
  /** Exempt from the limit, because their connections carry many callers. */
  readonly trustedProxies: AddressRanges;
  readonly onRefused: OnRefused;
}

/**
 * Closes further connections from an address that has too many, so that one caller cannot exhaust them. Must be called before other
 * listeners for connections are added.
 */
export function limitConnectionShares(server: Server, options: ConnectionSharesOptions): void {
  const { maxConnectionsPerAddress, trustedProxies, onRefused } = options;
  const counts = new Map<string, number>();
  server.on('connection', (socket: Socket) => {
    const { remoteAddress: address = '' } = socket;
    if (trustedProxies.has(address)) return;
    const share = toShare(address);
    const count = counts.get(share) ?? 0;
    if (count >= maxConnectionsPerAddress) {
      socket.destroy();
      onRefused({ status: undefined, reason: 'Too many connections from one address', method: undefined, address });
      return;
    }
    counts.set(share, count + 1);
    socket.once('close', () => {
      const left = (counts.get(share) ?? 0) - 1;
      if (left > 0) counts.set(share, left);
      else counts.delete(share);
    });
  });
}

/** Names the addresses that share a limit: an IPv4 address, or the first 64 bits of IPv6, since one caller owns the whole network. */
export function toShare(address: string): string {
  const parsed = parseAddress(address);
  return parsed instanceof ipaddr.IPv6 ? parsed.parts.slice(0, 4).join(':') : String(parsed);
}
