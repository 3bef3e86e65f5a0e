import { describe, expect, test } from 'vitest';
import { CctError } from '../../../src/core/errors.ts';
import type { LogOptions, RelayLog, RequestRecord } from '../../../src/relay/telemetry/log.ts';
import { createJsonLog, createTextLog } from '../../../src/relay/telemetry/log.ts';
import { FIXED_NOW, like } from '../../helpers/run-cct.ts';

const RECORD: RequestRecord = {
  requestId: 'r1',
  method: 'POST',
  route: '/observe/observables',
  status: 200,
  durationMs: 12.345678,
  address: '192.0.2.7',
  outcomes: { listed: 1, unlisted: 2, skipped: 3, failed: 4 },
  errorCodes: ['key error', 'service unavailable'],
  hasLeft: true,
  observables: [
    { type: 'url', value: 'http://panel.example/a' },
    { type: 'ip', value: '192.0.2.1' },
  ],
};

const PLAIN: RequestRecord = {
  requestId: 'r2',
  method: 'GET',
  route: 'unknown',
  status: 404,
  durationMs: 0,
  address: '192.0.2.7',
  errorCodes: [],
  hasLeft: false,
};

// Text lines carry the hour of the place.
const LOCAL_TIME = FIXED_NOW.toTimeString().slice(0, 8);

/** What a log writes while `use` has it; `T` stands for the time at the start of a text line. */
function write(createLog: (options: LogOptions) => RelayLog, use: (log: RelayLog) => void, options: Partial<LogOptions> = {}) {
  let text = '';
  use(createLog({ write: (more) => (text += more), now: () => FIXED_NOW, isVerbose: false, isQuiet: false, ...options }));
  return text.replace(/^\d\d:\d\d:\d\d /gm, (time) => (time === `${LOCAL_TIME} ` ? 'T ' : time));
}

/** The lines of a JSON log. */
function read(use: (log: RelayLog) => void, options: Partial<LogOptions> = {}): unknown[] {
  const text = write(createJsonLog, use, options);
  return text === '' ? [] : text.trimEnd().split('\n').map(toValue);
}

function toValue(line: string): unknown {
  return JSON.parse(line);
}

/** Says one thing of each kind. */
function sayAll(log: RelayLog): void {
  log.request(PLAIN);
  log.note('a note');
  log.detail('a detail');
  log.problem('a problem');
}

function createDeepError(): CctError {
  return new CctError('unavailable', 'outer', { cause: new TypeError('inner', { cause: new RangeError('innermost') }) });
}

test('a log has the reason why a token was refused', () => {
  const lines: string[] = [];
  const options = { write: (line: string) => lines.push(line), now: () => FIXED_NOW, isVerbose: false, isQuiet: false };
  for (const createLog of [createJsonLog, createTextLog])
    createLog(options).request({ ...PLAIN, authFailure: 'JWT has expired' });
  expect(lines).toEqual([like(/"reason":"JWT has expired"/), like(/ · JWT has expired · /)]);
});

describe('a log for machines', () => {
  test('tells all of a request, and nothing of what there is not', () => {
    const told = read((log) => {
      log.request(RECORD);
      log.request(PLAIN);
    });
    const time = FIXED_NOW.toISOString();
    expect(told).toEqual([
      {
        level: 'info',
        time,
        request_id: 'r1',
        method: 'POST',
        route: '/observe/observables',
        status: 200,
        duration_ms: 12.346,
        address: '192.0.2.7',
        listed: 1,
        unlisted: 2,
        skipped: 3,
        failed: 4,
        errors: ['key error', 'service unavailable'],
        caller_left: true,
        observables: RECORD.observables,
        msg: 'request',
      },
      {
        level: 'info',
        time,
        request_id: 'r2',
        method: 'GET',
        route: 'unknown',
        status: 404,
        duration_ms: 0,
        address: '192.0.2.7',
        msg: 'request',
      },
    ]);
  });

  test.each([
    ['by default', {}, ['info request', 'info a note', 'error a problem']],
    ['when verbose', { isVerbose: true }, ['info request', 'info a note', 'debug a detail', 'error a problem']],
    ['when quiet', { isQuiet: true }, ['error a problem']],
    ['when quiet and verbose', { isQuiet: true, isVerbose: true }, ['error a problem']],
  ])('tells %s', (_when, options, expected) => {
    const told = read(sayAll, options) as { level: string; msg: string }[];
    expect(told.map(({ level, msg }) => `${level} ${msg}`)).toEqual(expected);
  });

  test('tells a problem with its request, its stack and those of its causes', () => {
    const [whole, bare, text] = read((log) => {
      log.problem('A request failed because of a bug', { requestId: 'r1', cause: createDeepError() });
      log.problem('bare');
      log.problem('text', { cause: 'thrown text' });
    });
    expect(whole).toMatchObject({
      request_id: 'r1',
      stack: like(/^CctError: outer\n +at [^]*\ncaused by: TypeError: inner\n +at [^]*\ncaused by: RangeError: innermost\n +at /),
    });
    expect(bare).toEqual({ level: 'error', time: FIXED_NOW.toISOString(), msg: 'bare' });
    expect(text).toMatchObject({ stack: 'thrown text' });
  });

  test('comes to an end with causes that go round in a circle', () => {
    const error = new Error('round');
    error.cause = error;
    const [told] = read((log) => log.problem('x', { cause: error })) as { stack: string }[];
    expect(told?.stack.match(/Error: round/g)).toHaveLength(10);
  });

  test('writes nothing that a terminal obeys', () => {
    const text = write(createJsonLog, (log) => {
      log.note('a\u009bb\u202ec\u001bd');
    });
    expect(text).toContain(String.raw`"msg":"a\u009bb\u202ec\u001bd"`);
  });
});

describe('a log for people', () => {
  test('tells all of a request in a line, and nothing of what there is not', () => {
    const text = write(createTextLog, (log) => {
      log.request(RECORD);
      log.request(PLAIN);
    });
    expect(text).toBe(
      [
        'T POST /observe/observables · 200 · 12.3 ms · 1 listed, 2 unlisted, 3 skipped, 4 failed · key error · service unavailable · caller disconnected · 192.0.2.7 · http://panel.example/a 192.0.2.1\n',
        'T GET unknown · 404 · 0.0 ms · 192.0.2.7\n',
      ].join(''),
    );
  });

  test.each([
    ['by default', {}, ['T GET unknown · 404 · 0.0 ms · 192.0.2.7', 'T a note', 'T a problem']],
    ['when verbose', { isVerbose: true }, ['T GET unknown · 404 · 0.0 ms · 192.0.2.7', 'T a note', 'T a detail', 'T a problem']],
    ['when quiet', { isQuiet: true }, ['T a problem']],
    ['when quiet and verbose', { isQuiet: true, isVerbose: true }, ['T a problem']],
  ])('tells %s', (_when, options, expected) => {
    expect(write(createTextLog, sayAll, options).trimEnd().split('\n')).toEqual(expected);
  });

  test('tells a problem with its request, and its stack in lines of their own', () => {
    const text = write(createTextLog, (log) => {
      log.problem('A request failed because of a bug', { requestId: 'r1', cause: createDeepError() });
    });
    expect(text).toMatch(
      /^T A request failed because of a bug \(request r1\)\nCctError: outer\n +at [^]*\ncaused by: RangeError: innermost\n/,
    );
  });

  test('writes nothing that a terminal obeys', () => {
    const text = write(createTextLog, (log) => {
      log.note('a\u001b[2Jb\u202e');
      log.request({ ...PLAIN, observables: [{ type: 'url', value: 'http://panel.example/\u001b[2J' }] });
      log.problem('c\u009b', { cause: new Error('d\u001b[2J') });
    });
    expect(text).not.toMatch(/[^\P{Cc}\n]|\u202e/u);
    expect(text).toContain('Error: d\uFFFD[2J\n');
  });
});
