import type { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { listed, openLive, startServer, unlisted } from '../helpers/live-tracker.ts';

const toBody = (message: string) => JSON.stringify({ message });
const UNASKED = toBody('Malicious: Unasked');
const UNASKED_ANSWER = `HTTP/1.1 200 OK\r\nContent-Length: ${UNASKED.length}\r\n\r\n${UNASKED}`;

/** A tracker that lists nothing, the connections that it has taken, and one client that asks it. */
async function startTalkative() {
  const sockets: Socket[] = [];
  const url = await startServer(({ socket }, response) => {
    if (!sockets.includes(socket)) sockets.push(socket);
    response.end(toBody('Unknown url'));
  });
  return { sockets, live: await openLive(url, { concurrency: 1 }) };
}

test('a connection is used again while nothing comes on it', async () => {
  const { sockets, live } = await startTalkative();
  for (const key of ['a.example', 'b.example', 'c.example']) expect(await live.ask(key)).toEqual(unlisted);
  expect(sockets).toHaveLength(1);
});

test.each([
  ['a whole answer', UNASKED_ANSWER],
  ['the beginning of one', UNASKED_ANSWER.slice(0, 20)],
])('a connection on which %s comes that nobody asked for is used no more', async (_what, bytes) => {
  const { sockets, live } = await startTalkative();
  expect(await live.ask('a.example')).toEqual(unlisted);
  sockets[0]?.write(bytes);
  await expect.poll(() => sockets[0]?.destroyed, { timeout: 5_000 }).toBe(true);
  expect(await live.ask('b.example')).toEqual(unlisted);
  expect(sockets).toHaveLength(2);
});

test("of two answers in one packet the second is nobody's", async () => {
  const url = await startServer(({ socket }, response) => {
    socket.cork();
    response.end(toBody('Malicious: Pony'));
    socket.write(UNASKED_ANSWER);
    socket.uncork();
  });
  const live = await openLive(url, { concurrency: 1 });
  for (const key of ['a.example', 'b.example', 'c.example']) expect(await live.ask(key)).toEqual(listed('Pony'));
});
