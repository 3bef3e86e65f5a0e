import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { createTracker, toListed } from '../core/samples.ts';
import { createRelay } from '../helpers/relay.ts';
import { validateAnswer } from '../helpers/relay-schema.ts';

const MIB = 1024 ** 2;

const PATHS = ['/deliberate/observables', '/observe/observables', '/refer/observables'];

const NOT_UTF8 = Buffer.concat([
  Buffer.from('[{"type":"url","value":"http://panel.example/'),
  Buffer.from([0xff]),
  Buffer.from('"}]'),
]);

const refused: readonly (readonly [why: string, body: string | Uint8Array, message: string])[] = [
  ['text that is not JSON', 'type=ip&value=192.0.2.1', 'The body is invalid JSON'],
  ['cut JSON', '[{"type":"ip","value":"192.0', 'The body is invalid JSON'],
  ['an empty body', '', 'The body is empty'],
  ['blanks', ' \r\n', 'The body is empty'],
  ['an object', '{"type":"ip","value":"192.0.2.1"}', 'The body is not a JSON array of {type, value}'],
  ['an object as the command line takes it', '{"observables":[]}', 'The body is not a JSON array of {type, value}'],
  ['null', 'null', 'The body is not a JSON array of {type, value}'],
  ['a number', '1', 'The body is not a JSON array of {type, value}'],
  ['a text', '"ip"', 'The body is not a JSON array of {type, value}'],
  ['an item that is null', '[null]', '[0]: expected an object with type and value'],
  ['an item that is a list', '[[]]', '[0]: expected an object with type and value'],
  ['an item without a value', '[{"type":"ip","value":"192.0.2.1"},{"type":"ip"}]', '[1].value: expected a non-empty string'],
  ['an item without a type', '[{"value":"192.0.2.1"}]', '[0].type: expected a non-empty string'],
  ['an empty value', '[{"type":"ip","value":""}]', '[0].value: expected a non-empty string'],
  ['an empty type', '[{"type":"","value":"x"}]', '[0].type: expected a non-empty string'],
  ['a value that is a number', '[{"type":"ip","value":1}]', '[0].value: expected a non-empty string'],
  ['a type that is an object', '[{"type":{},"value":"x"}]', '[0].type: expected a non-empty string'],
  [
    'type and value under __proto__',
    '[{"__proto__":{"type":"ip","value":"192.0.2.1"}}]',
    '[0].type: expected a non-empty string',
  ],
  ['10,000 brackets', '['.repeat(10_000), 'The body is invalid JSON'],
  ['10,000 lists in one another', '['.repeat(10_000) + ']'.repeat(10_000), '[0]: expected an object with type and value'],
  [
    '10,000 objects in one another',
    '{"a":'.repeat(10_000) + '1' + '}'.repeat(10_000),
    'The body is not a JSON array of {type, value}',
  ],
  ['a mebibyte of brackets', '['.repeat(MIB), 'The body is invalid JSON'],
  ['bytes of zero', '\0\0\0', 'The body is invalid JSON'],
  ['a raw byte of zero in a value', '[{"type":"ip","value":"192.0.2.1\0"}]', 'The body is invalid JSON'],
  ['bytes that are no UTF-8', NOT_UTF8, 'The body is not UTF-8'],
  ['UTF-16', Buffer.from('\uFEFF[]', 'utf16le'), 'The body is not UTF-8'],
];

/** A POST whose body is a stream, or declared to have another length. */
const toRequest = (body: ReadableStream | string, headers: Readonly<Record<string, string>> = {}) =>
  new Request('http://relay.example/observe/observables', { method: 'POST', body, headers, duplex: 'half' });

describe('an invalid body', () => {
  test.each(refused)('is an invalid argument, and nothing is looked up: %s', async (_why, body, message) => {
    const tracker = createTracker(() => Promise.resolve(toListed()));
    const relay = createRelay({ tracker });
    const replies = await Promise.all(PATHS.map((path) => relay.ask('POST', path, body)));
    const errors = [{ type: 'fatal', code: 'invalid argument', message }];
    expect(replies.map(({ status, json }) => ({ status, json }))).toEqual(PATHS.map(() => ({ status: 200, json: { errors } })));
    expect(replies.flatMap(({ json }) => validateAnswer(json))).toEqual([]);
    expect(tracker.asked).toEqual([]);
  });

  test('is not decompressed, however small', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * MIB, '['));
    const relay = createRelay();
    const codings = ['gzip', 'br', 'deflate, gzip', 'x'];
    const replies = await Promise.all(
      codings.map((coding) => relay.ask('POST', '/observe/observables', bomb, { 'Content-Encoding': coding })),
    );
    const message = 'The relay does not accept compressed bodies (Content-Encoding); send the body uncompressed';
    expect(replies.map(({ json }) => json)).toEqual(
      codings.map(() => ({ errors: [{ type: 'fatal', code: 'invalid argument', message }] })),
    );
  });

  test('is read when its encoding is identity', async () => {
    const relay = createRelay();
    const replies = await Promise.all(
      ['identity', 'Identity', ''].map((coding) =>
        relay.ask('POST', '/observe/observables', '[]', { 'Content-Encoding': coding }),
      ),
    );
    expect(replies.map(({ text }) => text)).toEqual(replies.map(() => '{"data":{}}\n'));
  });

  test('is empty when there is none', async () => {
    const { json } = await createRelay().ask('POST', '/observe/observables');
    expect(json).toEqual({ errors: [{ type: 'fatal', code: 'invalid argument', message: 'The body is empty' }] });
  });

  test.each([{}, { 'Content-Length': '20' }])('is not looked up when it breaks off: %o', async (headers) => {
    const tracker = createTracker(() => Promise.resolve(toListed()));
    const body = new ReadableStream({
      start: (controller) => controller.enqueue(Buffer.from('[]')),
      pull: (controller) => controller.error(new Error('aborted')),
    });
    const relay = createRelay({ tracker });
    const { json } = await relay.send(toRequest(body, headers));
    expect(json).toMatchObject({ errors: [{ message: 'The caller disconnected before the body was complete' }] });
    expect([tracker.asked, relay.log.problems]).toEqual([[], []]);
  });
});

describe('a long body', () => {
  const tooLong = JSON.stringify([{ type: 'url', value: `http://panel.example/${'x'.repeat(2 * MIB)}` }]);
  const problem = {
    code: 413,
    message: 'Payload Too Large',
    reason: 'The body is longer than 1,048,576 bytes; send fewer observables per request',
  };

  test('is refused by its declared length', async () => {
    const relay = createRelay();
    const replies = await Promise.all(
      PATHS.map((path) => relay.ask('POST', path, tooLong, { 'Content-Length': String(tooLong.length) })),
    );
    expect(replies.map(({ status, json }) => [status, json])).toEqual(PATHS.map(() => [413, problem]));
  });

  test('is refused by its declared length before any of it arrives', async () => {
    const request = toRequest(new ReadableStream(), { 'Content-Length': String(MIB + 1) });
    const { status, json } = await createRelay().send(request);
    expect([status, json]).toEqual([413, problem]);
  });

  test('is refused without a declared length, before all of it is read', async () => {
    let pulled = 0;
    const body = new ReadableStream({
      pull(controller) {
        pulled += 1;
        controller.enqueue(Buffer.alloc(MIB / 4, ' '));
        if (pulled === 1000) controller.close();
      },
    });
    const { status, json } = await createRelay().send(toRequest(body));
    expect([status, json]).toEqual([413, problem]);
    expect(pulled).toBeLessThan(10);
  });

  test('is refused when it is longer than declared', async () => {
    const { status } = await createRelay().ask('POST', '/observe/observables', tooLong, { 'Content-Length': '2' });
    expect(status).toBe(413);
  });

  test('counts towards 64 MiB while it is received; short bodies do not', async () => {
    const relay = createRelay();
    const send = (bytes: number, body: ReadableStream | string = new ReadableStream()) =>
      relay.send(toRequest(body, { 'Content-Length': String(bytes) }));
    for (let sent = 0; sent < 64; sent += 1) void send(MIB);
    const message = 'The relay is receiving too many long bodies; try again later';
    expect((await send(16 * 1024 + 1)).json).toEqual({ errors: [{ type: 'fatal', code: 'too many requests', message }] });
    expect((await send(2, '[]')).text).toBe('{"data":{}}\n');
  });

  test('is refused above 1 MiB', async () => {
    const relay = createRelay();
    const sizes = [MIB, MIB + 1];
    const replies = await Promise.all(
      sizes.flatMap((size) =>
        [{}, { 'Content-Length': String(size) }].map((headers) =>
          relay.ask('POST', '/observe/observables', `[${' '.repeat(size - 2)}]`, headers),
        ),
      ),
    );
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 413, 413]);
  });
});
