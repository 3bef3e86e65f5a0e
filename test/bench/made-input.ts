/* Made-up logs and reports, the same in each run, on reserved names and addresses. */

/** Returns whole numbers from 0 up to a limit, in an order that only the seed decides (mulberry32). */
export function createPicker(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

type Picker = ReturnType<typeof createPicker>;

const WORDS =
  'the actor then moved laterally and exfiltrated archives over an encrypted channel before operators deployed a second stage loader that persists'.split(
    ' ',
  );
const AGENT = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36';

// Logs name few hosts again and again.
const toAddress = (pick: Picker): string => `198.51.${pick(16)}.${pick(256)}`;
const toName = (pick: Picker): string => `h${pick(4000)}.panel.example`;
const toSentence = (pick: Picker): string => Array.from({ length: 14 }, () => WORDS[pick(WORDS.length)]).join(' ');

const MIXED: readonly ((pick: Picker) => string)[] = [
  (pick) =>
    `${toAddress(pick)} - - [28/Nov/2026:10:${pick(60)}:00 +0000] "GET http://${toName(pick)}/gate.php?id=${pick(16)} HTTP/1.1" 200 ${pick(9999)} "-" "${AGENT}"`,
  (pick) =>
    `Nov 28 10:00:00 fw kernel: [BLOCK] IN=eth0 OUT= MAC=00:11:22:33:44:55 SRC=${toAddress(pick)} DST=${toAddress(pick)} LEN=60 TOS=0x00 PROTO=TCP DPT=443 SYN`,
  (pick) => `${toSentence(pick)}. It connects to hxxp://${toName(pick).replaceAll('.', '[.]')}/x.php, and ${toSentence(pick)}.`,
  (pick) => `${toSentence(pick)}, ${toSentence(pick)}. The panel at ${toName(pick)} was ${toSentence(pick)}.`,
];

function toLines(bytes: number, toLine: () => string): string {
  const lines: string[] = [];
  for (let length = 0; length < bytes;) {
    const line = toLine();
    lines.push(line);
    length += line.length + 1;
  }
  return `${lines.join('\n')}\n`;
}

/** Logs and reports, with an observable or two a line. */
export function toMixed(bytes: number, pick: Picker): string {
  return toLines(bytes, () => MIXED[pick(MIXED.length)]?.(pick) ?? '');
}

/** Prose, with a URL in one line of ten. */
export function toProse(bytes: number, pick: Picker): string {
  const toUrl = () => (pick(10) === 0 ? ` http://${toName(pick)}/a` : '.');
  return toLines(bytes, () => `${toSentence(pick)}${toUrl()} ${toSentence(pick)}.`);
}

const toMore = (pick: Picker) => [
  { event_type: 'dns', dns: { type: 'query', id: pick(65_536), rrname: toName(pick), rrtype: 'A', version: 2 } },
  {
    event_type: 'tls',
    tls: { subject: 'CN=x', serial: '03:AA', fingerprint: 'aa:bb:cc', sni: toName(pick), version: 'TLS 1.2' },
  },
  {
    event_type: 'http',
    http: { hostname: toName(pick), url: `/gate.php?id=${pick(16)}`, http_user_agent: AGENT, http_method: 'GET', status: 200 },
  },
  {
    event_type: 'flow',
    flow: { pkts_toserver: 3, bytes_toserver: 300, start: '2026-11-01T10:00:00.000000+0000', state: 'closed' },
  },
];

/** Events as Suricata writes them, one a line. */
export function toEvents(count: number, pick: Picker): string {
  const lines = Array.from({ length: count }, () => {
    const { event_type, ...more } = toMore(pick)[pick(4)] ?? { event_type: 'flow' };
    return JSON.stringify({
      timestamp: '2026-11-01T10:00:00.000000+0000',
      flow_id: pick(1e9),
      in_iface: 'eth0',
      event_type,
      src_ip: '10.0.0.5',
      src_port: pick(65_536),
      dest_ip: toAddress(pick),
      dest_port: 443,
      proto: 'TCP',
      ...more,
    });
  });
  return `${lines.join('\n')}\n`;
}
