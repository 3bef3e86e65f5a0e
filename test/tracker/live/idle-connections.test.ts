import type { Socket } from 'node:net';
import { createServer } from 'node:http';
import { describe, expect, onTestFinished, test } from 'vitest';
import { isDoubtful } from '../../../src/core/lookups/tracker.ts';
import { failed, listed, openLive, patient, startServer, takeDeadUrl, unlisted } from '../../helpers/live-tracker.ts';
import { listenOnLoopback } from '../../helpers/loopback-server.ts';
import { startSurplusTracker, toBody, toResponse } from '../../helpers/surplus-tracker.ts';

const MIXED_UP = failed('unexpected-answer', 'unknown', 'The tracker sent responses that match no request');
const UNASKED = toResponse('Malicious: Unasked');

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

describe('a response that belongs to no request', () => {
  test.each([
    ['whole', UNASKED],
    ['begun', UNASKED.slice(0, 20)],
  ])('ends its connection, and from then on each request has its own: %s', async (_what, bytes) => {
    const { sockets, live } = await startTalkative();
    expect(await live.ask('a.example')).toEqual(unlisted);
    sockets[0]?.write(bytes);
    await expect.poll(() => sockets[0]?.destroyed, { timeout: 5_000 }).toBe(true);
    for (const key of ['b.example', 'c.example']) expect(await live.ask(key)).toEqual(unlisted);
    expect(sockets).toHaveLength(3);
    expect(live.events).toContainEqual({
      kind: 'connection',
      text: 'received a response that matches no request; connections are no longer reused',
    });
  });

  test('is no answer when it came before the question was sent, though nothing has read it', async () => {
    const sockets: Socket[] = [];
    const url = await startServer(({ socket }, response) => {
      sockets.push(socket);
      response.end(toBody('Unknown url'), () => (sockets.length === 1 ? socket.write(UNASKED) : undefined));
    });
    const live = await openLive(url, { concurrency: 1 });
    for (const key of ['a.example', 'b.example', 'c.example']) expect(await live.ask(key)).toEqual(unlisted);
  });

  test.each([
    ['in the packet of each answer', 0],
    ['a little after each answer', 20],
  ])('%s leaves only failures behind the first', async (_when, delayMs) => {
    const url = await startServer(({ socket }, response) => {
      if (delayMs === 0) socket.cork();
      response.end(toBody('Malicious: Pony'));
      if (delayMs === 0) {
        socket.write(UNASKED);
        socket.uncork();
      } else setTimeout(() => socket.write(UNASKED), delayMs);
    });
    const live = await openLive(url, { concurrency: 1 });
    const first = await live.tracker.lookup({ type: 'url', key: 'a.example' }, patient);
    await expect.poll(() => isDoubtful(first), { timeout: 5_000 }).toBe(true);
    for (const key of ['b.example', 'c.example']) expect(await live.ask(key)).toEqual(MIXED_UP);
  });

  test.each(['a whole one', 'one that each connection begins with'])('before the first question is none: %s', async (what) => {
    let connections = 0;
    const server = createServer((_request, response) => void response.end(toBody('Malicious: Pony')));
    server.on('connection', (socket: Socket) => {
      connections += 1;
      if (connections === 1 || what !== 'a whole one') socket.write(UNASKED);
    });
    const listening = await listenOnLoopback(server);
    onTestFinished(() => listening.close());
    const live = await openLive(`http://127.0.0.1:${listening.port}/`, { concurrency: 1 });
    const told = [await live.ask('a.example'), await live.ask('b.example')];
    const spoken = failed('unexpected-answer', 'unknown', 'The tracker sent a response before the request');
    expect(told).toEqual(what === 'a whole one' ? [spoken, listed('Pony')] : [spoken, spoken]);
  });

  test('makes all answers of open connections doubtful, and later ones not', async () => {
    const tracker = await startSurplusTracker({ beforeAnswer: 2, message: 'Unknown url', latencyMs: 30 });
    const live = await openLive(tracker.url, { concurrency: 1 });
    const lookup = (key: string) => live.tracker.lookup({ type: 'url', key }, patient);
    const answers = [await lookup('good.example'), await lookup('bad.example'), await lookup('fine.example')];
    expect(answers.map(({ status }) => status)).toEqual(['unlisted', 'unlisted', 'listed']);
    expect(await answers[0]?.connection?.confirmed()).toBe(false);
    expect(answers.map(isDoubtful)).toEqual([true, true, true]);
    const again = await lookup('bad.example');
    expect([again.status, await again.connection?.confirmed(), isDoubtful(again)]).toEqual(['listed', true, false]);
  });
});

test('an answer that is left unread makes no other doubtful', async () => {
  const url = await startServer(({ url: path = '' }, response) => {
    response.end(path.includes('long') ? Buffer.alloc(2 * 1024 ** 2, 'x') : toBody('Unknown url'));
  });
  const live = await openLive(url, { concurrency: 2 });
  const answer = await live.tracker.lookup({ type: 'url', key: 'a.example' }, patient);
  expect((await live.ask('long.example')).status).toBe('failed');
  expect(isDoubtful(answer)).toBe(false);
});

test('a connection that cannot be opened is no surplus response', async () => {
  const live = await openLive(await takeDeadUrl());
  expect((await live.ask('a.example')).status).toBe('failed');
  expect(live.events.filter(({ text }) => text.includes('no longer reused'))).toEqual([]);
});
