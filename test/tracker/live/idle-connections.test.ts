import type { Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { isDoubtful } from '../../../src/core/tracker.ts';
import { listed, openLive, patient, startServer, unlisted } from '../../helpers/live-tracker.ts';
import { startSurplusTracker, toBody, toResponse } from '../../helpers/surplus-tracker.ts';

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

  test('is no answer when it came before the question was sent, though nobody has read it', async () => {
    const sockets: Socket[] = [];
    const url = await startServer(({ socket }, response) => {
      sockets.push(socket);
      response.end(toBody('Unknown url'), () => socket.write(UNASKED));
    });
    const live = await openLive(url, { concurrency: 1 });
    for (const key of ['a.example', 'b.example', 'c.example']) expect(await live.ask(key)).toEqual(unlisted);
  });

  test('in the packet of an answer is no answer', async () => {
    const url = await startServer(({ socket }, response) => {
      socket.cork();
      response.end(toBody('Malicious: Pony'));
      socket.write(UNASKED);
      socket.uncork();
    });
    const live = await openLive(url, { concurrency: 1 });
    for (const key of ['a.example', 'b.example', 'c.example']) expect(await live.ask(key)).toEqual(listed('Pony'));
  });

  test('makes all answers of open connections doubtful, and later ones not', async () => {
    const tracker = await startSurplusTracker({ beforeAnswer: 2, message: 'Unknown url', latencyMs: 30 });
    const live = await openLive(tracker.url, { concurrency: 1 });
    const lookup = (key: string) => live.tracker.lookup({ type: 'url', key }, patient);
    const answers = [await lookup('good.example'), await lookup('bad.example'), await lookup('fine.example')];
    expect(answers.map(({ status }) => status)).toEqual(['unlisted', 'unlisted', 'listed']);
    await answers[0]?.connection?.quiet();
    expect(answers.map(isDoubtful)).toEqual([true, true, true]);
    const again = await lookup('bad.example');
    await again.connection?.quiet();
    expect([again.status, isDoubtful(again)]).toEqual(['listed', false]);
  });

  test('is told to whoever asks to be called, also later', async () => {
    const { sockets, live } = await startTalkative();
    const { connection } = await live.tracker.lookup({ type: 'url', key: 'a.example' }, patient);
    const calls: string[] = [];
    connection?.onDistrust(() => calls.push('before'));
    sockets[0]?.write(UNASKED);
    await expect.poll(() => calls, { timeout: 5_000 }).toEqual(['before']);
    connection?.onDistrust(() => calls.push('after'));
    expect(calls).toEqual(['before', 'after']);
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
