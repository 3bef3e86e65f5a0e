import { isIpv4 } from '../core/observables/host.ts';

/* Ports and services after a dot, as in tcpdump and BSD's netstat: `192.0.2.1.443`, `panel.example.https`. */

const SERVICE =
  'https?|http-alt|https-alt|ssh|domain|ftp|ftp-data|tftp|telnet|smtps?|submissions?|pop3s?|imaps?|ntp|snmp|ldaps?|kerberos|' +
  'microsoft-ds|netbios-(?:ns|dgm|ssn)|ms-wbt-server|ms-sql-[sm]|mysql|postgresql|redis|mdns|llmnr|bootp[sc]|syslog|sips?|socks|' +
  'squid|rsync|x11|nfs|sunrpc|epmap|msrpc|irc|ircd|webcache';
const NUMBERED = /^((?:\d{1,3}\.){3}\d{1,3})\.(\d{1,5})$/;
const PORT = new RegExp(String.raw`^(?:\d{1,5}|${SERVICE})$`, 'i');

const NETSTAT = /^\s{0,8}(?:tcp|udp)(?:4|6|46)?\s/i;
const PACKET_BEFORE = /(?:\bIP6?|>) $/;
const PACKET_BEHIND = /^(?: > |: Flags|: UDP)/;

/** An address or name without the port after its last dot; undefined without one. Numbers up to 255 and services count only in a packet. */
export function withoutDottedPort(value: string, { text, start, end }: Place): string | undefined {
  const [, address, port] = NUMBERED.exec(value) ?? [];
  if (port !== undefined && Number(port) <= 65_535 && Number(port) > 255) return address;
  const host = address ?? withoutService(value);
  return host !== undefined && isInPacket({ text, start, end }) ? host : undefined;
}

function withoutService(value: string): string | undefined {
  const dot = value.lastIndexOf('.');
  return PORT.test(value.slice(dot + 1)) && !isIpv4(value) && value.lastIndexOf('.', dot - 1) > 0
    ? value.slice(0, dot)
    : undefined;
}

interface Place {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

function isInPacket({ text, start, end }: Place): boolean {
  if (NETSTAT.test(text.slice(0, 16))) return true;
  return PACKET_BEFORE.test(text.slice(Math.max(0, start - 4), start)) || PACKET_BEHIND.test(text.slice(end, end + 8));
}
