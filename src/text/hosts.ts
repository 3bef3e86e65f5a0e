import { parseAuthority, isIpv4, normaliseHost } from '../core/observables/host.ts';
import { LABEL_CHARACTERS } from './characters.ts';
import { maskBehind } from './masks.ts';

const MAX_NAME_LENGTH = 253;
const NAME = new RegExp(String.raw`^[${LABEL_CHARACTERS}]+(?:\.[${LABEL_CHARACTERS}]+)*\.?$`, 'u');
const DOMAIN = new RegExp(String.raw`^(?:(?!-)[${LABEL_CHARACTERS}]+\.)+(?:xn--[a-z0-9-]+|\p{L}[\p{L}\p{M}]+)$`, 'iu');

/** Whether a text is a domain name: two or more labels, of which the last has letters only, so neither an address nor a version. */
export function isDomain(text: string): boolean {
  return text.length <= MAX_NAME_LENGTH && DOMAIN.test(text) && normaliseHost(text) !== null;
}

/**
 * Whether the text between the scheme and the path of a URL is valid: a name of one or more labels, an IPv4 address in any spelling, or an
 * IPv6 address in brackets, with or without port and user.
 */
export function isAuthority(text: string): boolean {
  if (text.length > 2048) return false;
  const { host, port } = parseAuthority(text);
  if (!isPort(port)) return false;
  if (host.startsWith('[')) return text.includes('[') && URL.canParse(`http://${host}`);
  return host.length <= MAX_NAME_LENGTH && NAME.test(host) && /[\p{L}\p{N}]/u.test(host) && normaliseHost(host) !== null;
}

/**
 * Whether a text without a scheme is a URL: a domain or address with a port, a path, or a query with a key. An address with a mask
 * (`192.0.2.0/24`) is not one, nor is a text with a user, which is a mail address.
 */
export function isSchemelessUrl(text: string): boolean {
  const end = text.search(/[/\\?#]/);
  const authority = end === -1 ? text : text.slice(0, end);
  const rest = end === -1 ? '' : text.slice(end);
  if (authority.length > 2048 || authority.includes('@') || /\s/.test(text) || !isAuthority(authority)) return false;
  const { host, port } = parseAuthority(authority);
  const isAddress = isIpv4(host);
  if (!isAddress && !isDomain(host) && !host.startsWith('[')) return false;
  if (rest === '') return port !== '';
  return /^(?:\/|\?[\w.%~[\]-]+=)/.test(rest) && !(isAddress && port === '' && maskBehind(host, rest));
}

function isPort(port: string): boolean {
  return port === '' || (/^\d{1,5}$/.test(port) && Number(port) <= 65535);
}
