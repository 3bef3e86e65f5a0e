import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { createDeferred } from '../../core/samples.ts';
import { openRaw } from '../../helpers/serve.ts';
import { echo, serve, toRequest } from '../served-app.ts';

describe('a server that stops', () => {
  test('lets requests in progress finish, and accepts no new connections', async () => {
    const arrived = createDeferred<undefined>();
    const finish = createDeferred<undefined>();
    const { port, stop } = await serve(async () => {
      arrived.resolve(undefined);
      await finish.promise;
      return new Response('finished');
    });
    const raw = openRaw(port);
    raw.send(toRequest('/'));
    await arrived.promise;
    const stopped = stop(60_000);
    const late = connect(port, '127.0.0.1');
    expect(await once(late, 'error')).toMatchObject([{ code: 'ECONNREFUSED' }]);
    finish.resolve(undefined);
    expect((await raw.received()).match(/finished|Connection: \S+/g)).toEqual(['Connection: close', 'finished']);
    await stopped;
  });

  test('answers pipelined requests, and closes with the last', async () => {
    const arrived = createDeferred<undefined>();
    const finish = createDeferred<undefined>();
    let requests = 0;
    const { port, stop } = await serve(async () => {
      requests += 1;
      if (requests === 2) arrived.resolve(undefined);
      await finish.promise;
      return new Response('finished');
    });
    const raw = openRaw(port);
    raw.send(toRequest('/1') + toRequest('/2'));
    await arrived.promise;
    const stopped = stop(60_000);
    finish.resolve(undefined);
    expect((await raw.received()).match(/finished|Connection: \S+/g)).toEqual([
      'Connection: keep-alive',
      'finished',
      'Connection: close',
      'finished',
    ]);
    await stopped;
  });

  test('closes idle connections', async () => {
    const { port, stop } = await serve(echo);
    const raw = openRaw(port);
    raw.send(toRequest('/'));
    await raw.received(/GET \//);
    await stop(60_000);
    expect(await raw.received()).toContain('GET /');
  });

  test('cuts off requests that do not finish in time', async () => {
    const arrived = createDeferred<undefined>();
    const { port, stop } = await serve(() => {
      arrived.resolve(undefined);
      return new Promise(() => undefined);
    });
    const raw = openRaw(port);
    raw.send(toRequest('/'));
    await arrived.promise;
    await stop(50);
    expect(await raw.received()).toBe('');
  });
});
