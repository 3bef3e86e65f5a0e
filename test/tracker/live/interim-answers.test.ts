import { createServer } from 'node:http';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { TestClient } from '../../helpers/live-tracker.ts';
import { failed, listed, openLive, startServer, unlisted } from '../../helpers/live-tracker.ts';
import { listenOnLoopback } from '../../helpers/loopback-server.ts';

const HIT = '{"message":"Malicious: Pony"}';
const ANSWER = `HTTP/1.1 200 OK\r\nContent-Length: ${HIT.length}\r\n\r\n${HIT}`;
const SWITCHES = failed('unexpected-answer', 'unknown', 'The tracker answered 101 Switching Protocols');

const toSwitch = (...headers: readonly string[]) => ['HTTP/1.1 101 Switching Protocols', ...headers, '', ''].join('\r\n');
const UPGRADE = toSwitch('Connection: Upgrade', 'Upgrade: websocket');

/** Each way to say 101; the connection stays open, as that of a server that waits for the other protocol. */
const switches: readonly (readonly [what: string, bytes: string])[] = [
  ['with Upgrade', UPGRADE],
  ['with Upgrade to HTTP/2', toSwitch('Connection: upgrade', 'Upgrade: h2c')],
  ['without Upgrade', toSwitch()],
  ['with Connection alone', toSwitch('Connection: Upgrade')],
  ['with Upgrade alone', toSwitch('Upgrade: websocket')],
  ['with a body', toSwitch(`Content-Length: ${HIT.length}`) + HIT],
  ['after 100', `HTTP/1.1 100 Continue\r\n\r\n${UPGRADE}`],
  ['with Upgrade, and bytes of the other protocol', `${UPGRADE}\x81\x05hello`],
  ['with Upgrade, and a hit behind it', UPGRADE + ANSWER],
];

/** The client of a server that sends these bytes to `bad.example`, and to others that nothing is listed. */
async function openSending(bytes: string, options?: Parameters<typeof openLive>[1]): Promise<TestClient> {
  const url = await startServer(({ url: path = '', socket }, response) => {
    if (path.includes('bad.example')) socket.write(bytes, 'latin1');
    else response.end('{"message":"Unknown url"}');
  });
  return openLive(url, options);
}

describe('a status 101 fails its lookup at once, naming the status', () => {
  // The test would run into its own time limit before this timeout.
  const patient = { timeoutMs: 600_000, concurrency: 1 };
  const told = [unlisted, SWITCHES, unlisted];
  const keys = ['before.example', 'bad.example', 'after.example'];

  test.each(switches)('%s', async (_what, bytes) => {
    const live = await openSending(bytes, patient);
    expect(await live.askAll(keys)).toEqual(told);
  });

  test.each(switches)('%s, from a proxy for http', async (_what, bytes) => {
    const proxy = await startServer(({ socket }) => void socket.write(bytes, 'latin1'));
    const live = await openLive('http://tracker.example/', { ...patient, proxyFor: () => proxy });
    expect(await live.ask('bad.example')).toEqual(SWITCHES);
  });

  test.each(switches)('%s, in place of a tunnel', async (_what, bytes) => {
    const proxy = createServer().on('connect', (_request, socket) => void socket.write(bytes, 'latin1'));
    const listening = await listenOnLoopback(proxy);
    onTestFinished(() => listening.close());
    const live = await openLive('https://tracker.example/', {
      ...patient,
      proxyFor: () => `http://127.0.0.1:${listening.port}/`,
    });
    expect(await live.ask('bad.example')).toEqual(SWITCHES);
  });
});

describe('an interim answer', () => {
  const statuses = [100, 102, 103, 104, 110, 199];

  test.each(statuses)('is passed over, and the final one counts: %i', async (status) => {
    const live = await openSending(`HTTP/1.1 ${status} Wait\r\nLink: </a>\r\n\r\n${ANSWER}`);
    expect(await live.ask('bad.example')).toEqual(listed('Pony'));
  });

  test('is passed over as often as it comes', async () => {
    const live = await openSending(statuses.map((status) => `HTTP/1.1 ${status} Wait\r\n\r\n`).join('') + ANSWER);
    expect(await live.ask('bad.example')).toEqual(listed('Pony'));
  });

  test('with Upgrade is no switch', async () => {
    const live = await openSending(`HTTP/1.1 103 Hints\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n${ANSWER}`);
    expect(await live.ask('bad.example')).toEqual(listed('Pony'));
  });
});

test('a final answer that offers an upgrade counts', async () => {
  const head = 'HTTP/1.1 200 OK\r\nConnection: Upgrade\r\nUpgrade: h2c';
  const live = await openSending(`${head}\r\nContent-Length: ${HIT.length}\r\n\r\n${HIT}`);
  expect(await live.ask('bad.example')).toEqual(listed('Pony'));
});
