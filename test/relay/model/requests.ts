import { signHs256 } from '../../helpers/tokens.ts';
import type { Asked, BadRequest } from './steps.ts';
import { SUBJECTS } from './steps.ts';

export const SECRET = 'a secret of thirty-two bytes, or so';
const GOOD_TOKEN = signHs256({}, SECRET);
const WRONG_TOKEN = signHs256({}, `${SECRET}, but another`);

interface Head {
  readonly method?: string;
  readonly path?: string;
  readonly hosts?: readonly string[];
  readonly token?: string | undefined;
  readonly id?: string;
  readonly fields?: readonly string[];
}

function toHead({ method = 'POST', path = '/deliberate/observables', ...rest }: Head): string {
  const { hosts = ['relay.example'], token = GOOD_TOKEN, id, fields = [] } = rest;
  return [
    `${method} ${path} HTTP/1.1`,
    ...hosts.map((host) => `Host: ${host}`),
    ...(token === '' ? [] : [`Authorization: Bearer ${token}`]),
    ...(id === undefined ? [] : [`X-Request-Id: ${id}`]),
    ...fields,
    '',
    '',
  ].join('\r\n');
}

function withLength(head: Head, body: string | Buffer): Buffer {
  const fields = [`Content-Length: ${Buffer.byteLength(body)}`];
  return Buffer.concat([Buffer.from(toHead({ ...head, fields })), Buffer.from(body)]);
}

/** The bytes of a valid request, in its pieces. */
export function toPieces({ about, mode, padding, framing, cuts, hasJunk }: Asked, id: string): Buffer[] {
  const subjects = about.flatMap((at) => SUBJECTS.slice(at, at + 1)).map(({ type, value }) => ({ type, value }));
  const unasked = Array.from({ length: padding }, (_, at) =>
    at % 2 === 0 ? { type: 'domain', value: `d${at}.example` } : { type: 'ip', value: `10.0.${at >> 8}.${at & 255}` },
  );
  const body = JSON.stringify([...subjects, ...unasked]);
  const head = { path: `/${mode}/observables`, id };
  const request =
    framing === 'length'
      ? withLength(head, body)
      : Buffer.from(`${toHead({ ...head, fields: ['Transfer-Encoding: chunked'] })}${toChunks(body)}`);
  const whole = hasJunk ? Buffer.concat([request, Buffer.from('junk\r\n\r\n')]) : request;
  const ends = [...cuts.map((cut) => Math.floor(request.length * cut)).sort((a, b) => a - b), whole.length];
  return ends.map((end, at) => whole.subarray(ends[at - 1] ?? 0, end));
}

function toChunks(body: string): string {
  const [first, second] = [body.slice(0, body.length >> 1), body.slice(body.length >> 1)];
  return [first, second, ''].map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`).join('');
}

/** A request that asks the tracker nothing. */
export function toGet(path: string): string {
  return toHead({ method: 'GET', path });
}

/** What is sent, and what must be said of it: the status, and the code of the error where the status is 200. */
interface Refused {
  readonly bytes: string | Buffer;
  readonly status: number;
  readonly code?: string;
}

const INVALID = { status: 200, code: 'invalid argument' };
const UNAUTHORIZED = { status: 200, code: 'authorization error' };

/** The bad requests. */
export const REFUSALS: Readonly<Record<BadRequest, Refused>> = {
  'no JSON': { bytes: withLength({}, '{'), ...INVALID },
  'no array': { bytes: withLength({}, '{}'), ...INVALID },
  'a wrong item': { bytes: withLength({}, '[{"type":"ip"}]'), ...INVALID },
  'too long a body': { bytes: toHead({ fields: [`Content-Length: ${1024 ** 2 + 1}`] }), status: 413 },
  'no UTF-8': { bytes: withLength({}, Buffer.from([0x5b, 0xff, 0x5d])), ...INVALID },
  'no such path': { bytes: toGet('/nowhere'), status: 404 },
  'a wrong method': { bytes: withLength({ method: 'PUT' }, '[]'), status: 405 },
  'no HTTP': { bytes: 'nonsense\r\n\r\n', status: 400 },
  'no Host': { bytes: toHead({ method: 'GET', path: '/version', hosts: [] }), status: 400 },
  'two Hosts': { bytes: toHead({ method: 'GET', path: '/version', hosts: ['a.example', 'b.example'] }), status: 400 },
  'a wrong token': { bytes: withLength({ token: WRONG_TOKEN }, '[{"type":"ip","value":"198.51.100.0"}]'), ...UNAUTHORIZED },
  'no token': { bytes: withLength({ token: '' }, '[{"type":"ip","value":"198.51.100.0"}]'), ...UNAUTHORIZED },
};
