import { describe, expect, test } from 'vitest';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { failed, listed, openLive, startServer } from '../../helpers/live-tracker.ts';

const HIT = '{"message":"Malicious: Pony"}';

/** What a lookup comes to whose answer has this encoding and these bytes. */
async function ask(encoding: string, bytes: Buffer | string) {
  const url = await startServer((_request, response) => {
    response.writeHead(200, { 'Content-Encoding': encoding }).end(bytes);
  });
  return (await openLive(url)).ask('a.example');
}

describe('an answer with a content encoding', () => {
  test.each([
    ['gzip', gzipSync(HIT)],
    ['X-GZIP', gzipSync(HIT)],
    ['deflate', deflateSync(HIT)],
    ['br', brotliCompressSync(HIT)],
    ['identity', HIT],
    ['', HIT],
  ])('that is known is decoded: %j', async (encoding, bytes) => {
    expect(await ask(encoding, bytes)).toEqual(listed('Pony'));
  });

  const packed = { gzip: gzipSync(HIT), deflate: deflateSync(HIT), br: brotliCompressSync(HIT) };
  test.each(
    Object.entries(packed).flatMap(([encoding, bytes]) =>
      [1, 4, 8].map((missing) => [encoding, missing, bytes.subarray(0, -missing)] as const),
    ),
  )('is failed when it is cut: %s, %i bytes less', async (encoding, _missing, bytes) => {
    const outcome = await ask(encoding, bytes);
    expect(outcome).toMatchObject({ status: 'failed', relayCode: 'key error' });
  });

  test.each(['compress', 'zstd', 'gzip, gzip', 'x'])('that is unknown is failed: %s', async (encoding) => {
    const message = "The tracker's answer has an unknown content encoding";
    expect(await ask(encoding, HIT)).toEqual(failed('unintelligible', 'key error', message));
  });
});
