import { Writable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { createWriter } from '../../src/files/writer.ts';
import { idle } from '../helpers/idle.ts';

/** A stream whose writes end one by one, when `next` says how. */
function createSlowStream() {
  const waiting: ((error?: Error | null) => void)[] = [];
  const written: string[] = [];
  const stream = new Writable({
    highWaterMark: 4,
    write(chunk: Buffer, _encoding, done) {
      written.push(chunk.toString());
      waiting.push(done);
    },
  });
  return { stream, written, next: (error?: Error) => waiting.shift()?.(error) };
}

const failureOf = (code: string, message: string): Error => Object.assign(new Error(message), { code });

/** Whether a promise is settled already, once all that was due has run. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  const later = new Promise((resolve) => setImmediate(resolve, 'pending'));
  return (await Promise.race([promise, later])) !== 'pending';
}

test('a reader that is slower is waited for', async () => {
  const { stream, written, next } = createSlowStream();
  const writer = createWriter(stream, 'stdout', () => undefined);
  const writing = writer.write('more than fits');
  expect([await isSettled(writing), written]).toEqual([false, ['more than fits']]);
  next();
  expect(await writing).toBe(true);
});

test('a reader that keeps up is not waited for', async () => {
  const { stream } = createSlowStream();
  expect(await createWriter(stream, 'stdout', () => undefined).write('abc')).toBe(true);
});

test('nothing at all is not written', async () => {
  const { stream, written } = createSlowStream();
  expect([await createWriter(stream, 'stdout', () => undefined).write(''), written]).toEqual([true, []]);
});

describe('a flush', () => {
  test('waits for all text before it', async () => {
    const { stream, written, next } = createSlowStream();
    const writer = createWriter(stream, 'stdout', () => undefined);
    await writer.write('abc');
    const flushed = writer.flush();
    expect([await isSettled(flushed), written]).toEqual([false, ['abc']]);
    next();
    await idle();
    next();
    expect(await flushed).toBe(true);
  });

  test.each([
    ['EPIPE', { flushed: false }],
    ['ENOSPC', { message: 'cannot write stdout: no' }],
  ])('finds the failure of text that was not waited for: %s', async (code, expected) => {
    const { stream, next } = createSlowStream();
    const writer = createWriter(stream, 'stdout', () => undefined);
    await writer.write('abc');
    const flushed = writer.flush().then(
      (isOpen) => ({ flushed: isOpen }),
      (thrown: unknown) => thrown,
    );
    next(failureOf(code, 'no'));
    expect(await flushed).toMatchObject(expected);
    expect(
      await writer.flush().then(
        (isOpen) => ({ flushed: isOpen }),
        (thrown: unknown) => thrown,
      ),
    ).toMatchObject(expected);
  });
});

describe('a reader that has gone', () => {
  test.each(['EPIPE', 'ERR_STREAM_DESTROYED'])('is reported by %s: no write succeeds, and none throws', async (code) => {
    const { stream, written, next } = createSlowStream();
    let timesClosed = 0;
    const writer = createWriter(stream, 'stdout', () => (timesClosed += 1));
    const writing = writer.write('more than fits');
    next(failureOf(code, 'gone'));
    expect([await writing, await writer.write('more'), written, timesClosed]).toEqual([false, false, ['more than fits'], 1]);
  });
});

describe('a stream that fails otherwise', () => {
  const complaint = { code: 'output', message: 'cannot write stdout: the disk is full' };

  test('is an error of this write', async () => {
    const { stream, next } = createSlowStream();
    const writing = createWriter(stream, 'stdout', () => undefined).write('more than fits');
    next(failureOf('ENOSPC', 'the disk is full'));
    await expect(writing).rejects.toMatchObject(complaint);
  });

  test('is an error of the next write, when this one did not wait', async () => {
    const { stream, next } = createSlowStream();
    const writer = createWriter(stream, 'stdout', () => undefined);
    await writer.write('abc');
    next(failureOf('ENOSPC', 'the disk is full'));
    await idle();
    await expect(writer.write('')).rejects.toMatchObject(complaint);
  });
});
