import { describe, expect, test } from 'vitest';
import { CctError, toRelayError } from '../../../src/core/errors.ts';
import { parseReply } from '../../../src/tracker/live/reply.ts';
import { readReplies } from '../../helpers/live-tracker.ts';

function parse(body: string) {
  return parseReply(body, 'Unknown url');
}

/** What a hit with this family is parsed to. */
function parseFamily(family: string) {
  return parse(JSON.stringify({ message: `Malicious: ${family}` }));
}

function failureOf(body: string): CctError {
  try {
    parse(body);
  } catch (thrown) {
    if (thrown instanceof CctError) return thrown;
    throw thrown;
  }
  throw new Error('The reply was understood');
}

describe('the agreed replies', () => {
  const replies = readReplies().filter(({ status }) => status === 200);

  const meaningOf = (body: string) => {
    try {
      const reply = parse(body);
      return { want: reply.status, family: reply.status === 'listed' ? reply.family : null, code: null };
    } catch (thrown) {
      if (!(thrown instanceof CctError)) throw thrown;
      return { want: 'failed', family: null, code: toRelayError(thrown).code };
    }
  };

  test('are all there', () => {
    expect(replies).toHaveLength(32);
  });

  test('mean what was agreed', () => {
    expect(replies.map(({ body }) => ({ body, ...meaningOf(body) }))).toEqual(
      replies.map(({ body, want, family, code }) => ({ body, want, family, code })),
    );
  });
});

describe('a reply that is not understood', () => {
  test.each([
    ['', "The tracker's answer is empty"],
    [' \r\n', "The tracker's answer is empty"],
    ['<html>', "The tracker's answer is not JSON"],
    ['{"message":"Malicious: x"', "The tracker's answer is not JSON"],
    ['{"message":"Malicious: x"} ok', "The tracker's answer is not JSON"],
    ['{"message":"Malicious: x","message":"Malicious: x"}', 'The tracker\'s answer has more than one "message"'],
    [
      '{"x":{"message":1},"m\\u0065ssage" : "Unknown url", "\\u006Dessage":"a"}',
      'The tracker\'s answer has more than one "message"',
    ],
    ['null', "The tracker's answer is not a JSON object"],
    ['"Malicious: x"', "The tracker's answer is not a JSON object"],
    ['[{"message":"Malicious: x"}]', "The tracker's answer is not a JSON object"],
    ['{"Message":"Malicious: x"}', 'The tracker\'s answer has no "message"'],
    ['{"__proto__":{"message":"Malicious: x"}}', 'The tracker\'s answer has no "message"'],
    ['{"message":null}', 'The tracker\'s answer has a "message" that is not a string'],
    ['{"message":["Unknown url"]}', 'The tracker\'s answer has a "message" that is not a string'],
    ['{"message":"Unknown url "}', 'The tracker\'s answer has an unexpected "message"'],
    ['{"message":"Not Malicious"}', 'The tracker\'s answer has an unexpected "message"'],
    ['{"message":"Not Malicious: x"}', 'The tracker\'s answer has an unexpected "message"'],
    ['{"message":"Unknown\uFEFF url"}', 'The tracker\'s answer has an unexpected "message"'],
    ['{"message":"Malicious\\n"}', 'The tracker\'s answer has an unexpected "message"'],
  ])('%j fails with what is wrong with it', (body, message) => {
    const error = failureOf(body);
    expect([error.code, error.message, error.isTransient]).toEqual(['unintelligible', message, false]);
  });
});

describe('the text that means "not listed"', () => {
  test('is the one that was set, and then no other', () => {
    expect(parseReply('{"message":"Nothing here"}', 'Nothing here')).toEqual({ status: 'unlisted' });
    expect(() => parseReply('{"message":"Unknown url"}', 'Nothing here')).toThrow(CctError);
  });
});

describe('a hostile family', () => {
  test.each([
    ['\u001b[31mred\u001b[0m', '\uFFFD[31mred\uFFFD[0m'],
    ['\u009b2J', '\uFFFD2J'],
    ['\u202Egpj.exe\u2066', '\uFFFDgpj.exe\uFFFD'],
    ['a\r\nb\u2028c', 'a\uFFFD\uFFFDb\uFFFDc'],
    ['\ud83d half \ude00', '\uFFFD half \uFFFD'],
  ])('%j holds nothing any more that a terminal would obey', (family, cleaned) => {
    expect(parseFamily(family)).toEqual({ status: 'listed', message: `Malicious: ${cleaned}`, family: cleaned });
  });

  test.each(['=cmd()', '<b>x</b>', '\u{1F600}', 'a: b'])('%j is text like any other', (family) => {
    expect(parseFamily(family)).toEqual({ status: 'listed', message: `Malicious: ${family}`, family });
  });

  test('of 10 kB is cut to 1024, and so is the message', () => {
    const message = `Malicious: ${'A'.repeat(1013)}`;
    expect(parseFamily('A'.repeat(10_000))).toEqual({ status: 'listed', message, family: 'A'.repeat(1024) });
  });

  test('has no blanks around it', () => {
    expect(parseFamily(`${' '.repeat(2000)}Pony\n`)).toMatchObject({ family: 'Pony' });
  });

  test('is never cut through a surrogate pair', () => {
    expect(parseFamily(`${'A'.repeat(1023)}\u{1F600}`)).toMatchObject({ family: 'A'.repeat(1023) });
    expect(parseFamily(`${'A'.repeat(1012)}\u{1F600}`)).toMatchObject({ message: `Malicious: ${'A'.repeat(1012)}` });
  });
});

describe('the extract of a reply that is not understood', () => {
  test.each([
    ['', ''],
    ['<html>\r\n\t<p>Down  for\nmaintenance.</p>', '<html> <p>Down for maintenance.</p>'],
    ['\u001b]0;x\u0007\u202Ey\u0000', '\uFFFD]0;x\uFFFD\uFFFDy\uFFFD'],
    ['x'.repeat(160), 'x'.repeat(160)],
    ['x'.repeat(161), `${'x'.repeat(160)}…`],
    [`${'x'.repeat(159)}\u{1F600}`, `${'x'.repeat(159)}…`],
    [`${'x'.repeat(10)}${' '.repeat(1_000_000)}`, `${'x'.repeat(10)} `],
    [`${' '.repeat(1_000)}x`, ' '],
  ])('of case %# is its beginning, on one line, without what a terminal would obey', (body, extract) => {
    expect(failureOf(body).rawExtract).toBe(extract);
  });

  test('is there for every kind of trouble', () => {
    const bodies = ['x', '[1]', '{}', '{"message":5}', '{"message":"?"}'];
    expect(bodies.map((body) => failureOf(body).rawExtract)).toEqual(bodies);
  });
});
