import { expect, test } from 'vitest';
import { startRespServer } from './helpers/resp-server.ts';
import { openRaw } from './helpers/serve.ts';

const write = (...words: readonly string[]) =>
  `*${words.length}\r\n${words.map((word) => `$${word.length}\r\n${word}\r\n`).join('')}`;

test('the small server answers as Redis does, several commands in a piece and one in several', async () => {
  const { port } = await startRespServer();
  const raw = openRaw(port);
  const commands = [
    write('PING'),
    write('GET', 'a'),
    write('SET', 'a', 'word'),
    write('GET', 'a'),
    write('GETRANGE', 'a', '1', '2'),
    write('RPUSH', 'b', 'x'),
    write('GETRANGE', 'b', '0', '9'),
    write('KEYS', '*'),
    write('NONE'),
  ].join('');
  raw.send(commands.slice(0, 70));
  await raw.received(/PONG\r\n/);
  raw.send(commands.slice(70));
  expect(await raw.received(/unknown.*\r\n/)).toBe(
    [
      '+PONG\r\n$-1\r\n+OK\r\n$4\r\nword\r\n$2\r\nor\r\n:1\r\n',
      '-WRONGTYPE Operation against a key holding the wrong kind of value\r\n',
      "*2\r\n$1\r\na\r\n$1\r\nb\r\n-ERR unknown command 'NONE'\r\n",
    ].join(''),
  );
});

test('the small server is silent once it is frozen', async () => {
  const server = await startRespServer();
  const raw = openRaw(server.port);
  raw.send(write('PING'));
  expect(await raw.received(/PONG\r\n/)).toBe('+PONG\r\n');
  server.freeze();
  // It closes its side when it has read this.
  raw.socket.end(write('PING'));
  expect(await raw.received()).toBe('+PONG\r\n');
});
