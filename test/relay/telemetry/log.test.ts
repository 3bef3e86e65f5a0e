import { describe, expect, test } from 'vitest';
import { CctError } from '../../../src/core/errors.ts';
import type { LogOptions, RelayLog, RequestRecord } from '../../../src/relay/telemetry/log.ts';
import { createLog } from '../../../src/relay/telemetry/log.ts';
import { FIXED_NOW, like } from '../../helpers/run-cct.ts';
import type { LogLine } from '../../helpers/serve.ts';

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

// Text lines carry the local time.
const LOCAL_TIME = FIXED_NOW.toTimeString().slice(0, 8);

/** What a log writes during `use`; `T` stands for the time at the start of a text line. */
function write(use: (log: RelayLog) => void, options: Partial<LogOptions> = {}): string {
  let text = '';
  use(createLog({ write: (more) => void (text += more), now: () => FIXED_NOW, isVerbose: false, isQuiet: false, ...options }));
  return text.replaceAll(new RegExp(`^${LOCAL_TIME} `, 'gm'), 'T ');
}

/** The lines of a JSON log. */
function read(use: (log: RelayLog) => void, options: Partial<LogOptions> = {}): LogLine[] {
  const lines = write(use, options).split('\n').slice(0, -1);
  // Whatever it is, an assertion looks at it next.
  return lines.map((line) => JSON.parse(line) as LogLine);
}

/** Writes one entry of each kind. */
function writeAll(log: RelayLog): void {
  log.request(PLAIN);
  log.refused({ status: 400, reason: 'why', method: undefined, address: '192.0.2.7' });
  log.refused({ status: undefined, reason: 'Too many connections', method: undefined, address: '192.0.2.7' });
  log.note('a note of 100%% %s');
  log.warning('a warning');
  log.detail('a detail');
  log.problem('a problem');
}

function createDeepError(): CctError {
  return new CctError('unavailable', 'outer', { cause: new TypeError('inner', { cause: new RangeError('innermost') }) });
}

const ENTRIES = [
  ...['info request', 'info request', 'info connection', 'info a note of 100%% %s'],
  ...['warn a warning', 'debug a detail', 'error a problem'],
];

const LEVELS: readonly (readonly [string, Partial<LogOptions>, RegExp])[] = [
  ['by default', {}, /^(?:info|warn|error) /],
  ['when verbose', { isVerbose: true }, /^/],
  ['when quiet', { isQuiet: true }, /^error /],
  ['when quiet and verbose', { isQuiet: true, isVerbose: true }, /^error /],
];

describe('a log of JSON', () => {
  test('has all of a request, and no empty fields', () => {
    const lines = read((log) => {
      log.request(RECORD);
      log.request({ ...PLAIN, authFailure: 'JWT has expired' });
    });
    const time = FIXED_NOW.toISOString();
    expect(lines).toEqual([
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
        reason: 'JWT has expired',
        msg: 'request',
      },
    ]);
  });

  test.each(LEVELS)('has the entries of its levels %s', (_when, options, levels) => {
    const lines = read(writeAll, options).map(({ level, msg }) => `${level} ${msg}`);
    expect(lines).toEqual(ENTRIES.filter((entry) => levels.test(entry)));
  });

  test('has a problem with its request, its stack and those of its causes', () => {
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

  test('ends where causes form a circle', () => {
    const error = new Error('round');
    error.cause = error;
    const [line] = read((log) => log.problem('x', { cause: error }));
    expect(String(line?.['stack']).match(/Error: round/g)).toHaveLength(10);
  });

  test('writes nothing that a terminal obeys', () => {
    const text = write((log) => log.note('a\u009bb\u202ec\u001bd'));
    expect(text).toContain(String.raw`"msg":"a\u009bb\u202ec\u001bd"`);
  });
});

describe('a log of text', () => {
  test('has all of a request in a line, and no empty fields', () => {
    const text = write(
      (log) => {
        log.request(RECORD);
        log.request({ ...PLAIN, authFailure: 'JWT has expired' });
      },
      { isText: true },
    );
    expect(text).toBe(
      [
        'T POST /observe/observables · 200 · 12.3 ms · 1 listed, 2 unlisted, 3 skipped, 4 failed · key error · service unavailable · caller disconnected · 192.0.2.7 · http://panel.example/a 192.0.2.1\n',
        'T GET unknown · 404 · 0.0 ms · JWT has expired · 192.0.2.7\n',
      ].join(''),
    );
  });

  test('has each kind of entry in words', () => {
    expect(write(writeAll, { isText: true, isVerbose: true }).trimEnd().split('\n')).toEqual([
      'T GET unknown · 404 · 0.0 ms · 192.0.2.7',
      'T - unknown · 400 · why · 192.0.2.7',
      'T - connection · Too many connections · 192.0.2.7',
      'T a note of 100%% %s',
      'T warning: a warning',
      'T a detail',
      'T a problem',
    ]);
  });

  test.each(LEVELS)('has as many lines %s as a log of JSON', (_when, options) => {
    expect(write(writeAll, { ...options, isText: true }).split('\n')).toHaveLength(read(writeAll, options).length + 1);
  });

  test('has a problem with its request, and its stack in lines of their own', () => {
    const text = write((log) => log.problem('A request failed because of a bug', { requestId: 'r1', cause: createDeepError() }), {
      isText: true,
    });
    expect(text).toMatch(
      /^T A request failed because of a bug \(request r1\)\nCctError: outer\n +at [^]*\ncaused by: RangeError: innermost\n/,
    );
  });

  test('writes nothing that a terminal obeys', () => {
    const text = write(
      (log) => {
        log.note('a\u001b[2Jb\u202e');
        log.request({ ...PLAIN, observables: [{ type: 'url', value: 'http://panel.example/\u001b[2J' }] });
        log.problem('c\u009b', { cause: new Error('d\u001b[2J') });
      },
      { isText: true },
    );
    expect(text).not.toMatch(/[^\P{Cc}\n]|\u202e/u);
    expect(text).toContain('Error: d\uFFFD[2J\n');
  });
});
