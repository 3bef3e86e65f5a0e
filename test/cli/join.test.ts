import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { runMain, startMain } from '../helpers/run-cct.ts';
import { asking, openTracker, SAMPLE, writeTempFile } from './live.ts';

const IP = '198.51.100.60';
const HIT = `{"timestamp":"2026-11-01T10:00:00Z","event_type":"alert","n":1.0,"dest_ip":"${IP}"}`;
const MISS = '{"timestamp":"2026-11-01T10:00:01Z","event_type":"alert","dest_ip":"192.0.2.1"}';
const RELATED = '{"timestamp":"2026-11-01T10:00:02Z","event_type":"http","http":{"hostname":"panel.example","url":"/gate.php"}}';
const MATCHED = {
  by: 'address',
  entry: 'panel.example/d12/cp.php?m=login',
  date: '2018-01-14',
  shared: 2,
  from: 'snapshot',
};
const JOINED = { observable: { type: 'ip', value: IP }, status: 'listed', family: 'Pony', matched: MATCHED };

const join = (stdin: string | Buffer, ...args: readonly string[]) =>
  runMain(['observe', ...SAMPLE, '--join', ...args], { stdin });

describe('a record of JSON lines that names something listed', () => {
  test('is printed as it came, with a last member; the others are not', async () => {
    const { status, stdout } = await join(`${MISS}\n${HIT}\n${RELATED}\n`);
    expect([status, stdout]).toEqual([0, `${HIT.slice(0, -1)},"cct":${JSON.stringify([JOINED])}}\n`]);
  });

  test('is printed each time that it comes, and names each observable once', async () => {
    const twice = `{"timestamp":"x1","event_type":"a","src_ip":"${IP}","dest_ip":"${IP}"}`;
    const { stdout } = await join(`${HIT}\n${twice}\n${HIT}\n`);
    const members = stdout.split('\n').map((line) => line.slice(line.indexOf('"cct":')));
    const member = `"cct":${JSON.stringify([JOINED])}}`;
    expect(members).toEqual([member, member, member, '']);
  });

  test('has the others around it with --keep-all, unchanged and in order', async () => {
    const lines = [MISS, '', HIT, 'not JSON', `{"cut":"${IP}`, MISS];
    const { stdout } = await join(`${lines.join('\n')}\n`, '--keep-all');
    expect(stdout.split('\n').map((line) => line.replace(/,"cct":.*/, '}'))).toEqual([...lines, '']);
  });

  test('keeps blanks, numbers and the ends of its lines', async () => {
    const odd = ` {"timestamp":"x1", "n":1.50e0, "event_type":"a","dest_ip":"${IP}" } \r`;
    const { stdout } = await join(`${odd}\n`);
    expect(stdout).toBe(`${odd.slice(0, -4)},"cct":${JSON.stringify([JOINED])} } \r\n`);
  });

  test('has its member of that name replaced, which is noted once', async () => {
    const own = `${HIT.slice(0, -1)},"cct":"mine"}`;
    const { stdout, stderr } = await join(`${own}\n${own}\n`);
    expect(stdout).toBe(`${HIT.slice(0, -1)},"cct":${JSON.stringify([JOINED])}}\n`.repeat(2));
    expect(stderr.match(/a record already has a member "cct", which is replaced/g)).toHaveLength(1);
  });

  test('has enrichments of ECS with --join-as ecs', async () => {
    const { stdout } = await join(`${HIT}\n`, '--join-as', 'ecs');
    expect(JSON.parse(stdout)).toEqual({
      ...(JSON.parse(HIT) as object),
      threat: {
        enrichments: [
          {
            indicator: {
              type: 'ipv4-addr',
              ip: IP,
              provider: 'CyberCrime Tracker',
              confidence: 'Low',
              description: 'Malicious: Pony',
              reference: `https://cybercrime-tracker.net/index.php?search=${IP}`,
              first_seen: '2017-12-10',
              marking: { tlp: 'CLEAR' },
            },
            matched: { atomic: IP, type: 'indicator_match_rule' },
          },
        ],
      },
    });
  });
});

describe('what was joined is not read as a record of its own, and joining again changes nothing', () => {
  test.each([
    [HIT, []],
    [HIT, ['--join-as', 'ecs']],
    [`${HIT.slice(0, -1)},"threat":"high"}`, ['--join-as', 'ecs']],
    [`${HIT.slice(0, -1)},"threat.enrichments":{"x":1.0}}`, ['--join-as', 'ecs']],
  ])('%s with %j', async (record, flags) => {
    const once = (await join(`${record}\n`, ...flags)).stdout;
    expect((await join(once, ...flags)).stdout).toBe(once);
    const { stdout } = await runMain(['observe', ...SAMPLE, '--dry-run', '--source', 'live'], { stdin: once });
    expect(stdout).toBe(`${IP}\n`);
  });
});

test('what is on a listed host is joined with --match host', async () => {
  const { stdout } = await join(`${RELATED}\n`, '--match', 'host');
  expect(JSON.parse(stdout)).toMatchObject({ cct: [{ status: 'listed', family: 'Pony', matched: { by: 'host' } }] });
  const onAddress = `{"timestamp":"1","event_type":"http","http":{"hostname":"${IP}","url":"/x"}}`;
  const other = await join(`${onAddress}\n`, '--match', 'host');
  expect(JSON.parse(other.stdout)).toMatchObject({ cct: [{ status: 'unlisted', related: { by: 'address' } }] });
});

describe('a record of another format becomes an object with its line', () => {
  test.each([
    ['text', `nothing\nseen ${IP} \u00fc "x"\n`, `seen ${IP} \u00fc "x"`],
    ['csv, in several lines', `note,ip\n"a\nb",${IP}\nx,192.0.2.1\n`, `"a\nb",${IP}`],
    ['Zeek TSV', `#separator \\x09\n#fields\tts\tid.resp_h\n1.5\t${IP}\n2.5\t192.0.2.1\n`, `1.5\t${IP}`],
    ['CEF', `CEF:0|a|b|1|2|n|5|dst=${IP}\nCEF:0|a|b|1|2|n|5|dst=192.0.2.1\n`, `CEF:0|a|b|1|2|n|5|dst=${IP}`],
    ['text in two lines', `x hxxp://panel[.]\nexample/d12/cp.php?m=login\n`, 'x hxxp://panel[.]\nexample/d12/cp.php?m=login'],
    ['JSON behind a head', `${HIT}\n<13>host ${HIT}\n`.split('\n').slice(1).join('\n'), `<13>host ${HIT}`],
    ['a line that ends in CRLF', `see ${IP}\r\n`, `see ${IP}`],
  ])('%s', async (_what, text, line) => {
    const { stdout } = await join(text);
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(1);
    expect(JSON.parse(stdout)).toMatchObject({ line, cct: [{ status: 'listed' }] });
  });

  test('and all lines are there with --keep-all, comments, header and blank ones too', async () => {
    const text = `# a comment\n\nnote,ip\n"a\nb",192.0.2.1\n\nx,192.0.2.2`;
    expect((await join(text, '--keep-all')).stdout).toBe(`${text}\n`);
  });
});

test('a record whose observable failed is not printed, and the status is 3', async () => {
  const tracker = await openTracker({
    listings: { [IP]: 'Malicious: Pony' },
    faults: { '192.0.2.1': { kind: 'status', status: 403 } },
  });
  const both = MISS.replace('"dest_ip"', `"src_ip":"${IP}","dest_ip"`);
  const args = ['observe', ...asking(tracker), '--join', '--keep-all'];
  const { status, stdout } = await runMain(args, { stdin: `${HIT}\n${both}\n${RELATED}\n` });
  expect(status).toBe(3);
  expect(stdout.split('\n').map((line) => line.replace(/,"cct":.*/, '}'))).toEqual([HIT, RELATED, '']);
});

test('a record is printed before the next one comes', async () => {
  const stdin = new PassThrough();
  const run = startMain(['observe', ...SAMPLE, '--join'], { stdin });
  stdin.write(`${HIT}\n`);
  await run.printed(/"cct"/);
  stdin.end(`${MISS}\n`);
  expect((await run.finished).status).toBe(0);
});

test('a record that would control a terminal is shown harmless there, and is whole in a pipe', async () => {
  const hostile = '\u009b31m\u202e';
  const record = HIT.replace('"n":1.0', `"n":"${hostile}"`);
  const text = `see \u001b[31m ${hostile} nothing`;
  const run = async (isTerminal: boolean, line: string) => {
    const args = ['observe', ...SAMPLE, '--join', '--keep-all'];
    return (await runMain(args, { stdin: `${line}\n`, isTerminal: { stdout: isTerminal } })).stdout;
  };
  expect(await run(false, record)).toContain(record.slice(0, -1));
  const shown = await run(true, record);
  expect(shown).not.toMatch(/[\u009b\u202e]/);
  expect(JSON.parse(shown)).toMatchObject({ n: hostile });
  expect([await run(false, text), await run(true, text)]).toEqual([`${text}\n`, 'see \uFFFD[31m \uFFFD31m\uFFFD nothing\n']);
});

describe('is refused, and says what it is for', () => {
  test.each([
    ['typed JSON', '[{"type":"ip","value":"192.0.2.1"}]'],
    ['typed lines', '{"type":"ip","value":"192.0.2.1"}\n'],
    ['STIX', '{"type":"bundle","id":"bundle--1","objects":[]}'],
    ['STIX lines', '{"type":"indicator","id":"indicator--1","pattern":"[x:y = 1]"}\n'],
    ['MISP', '{"Event":{"info":"x","Attribute":[{"type":"ip-dst","value":"192.0.2.1"}]}}'],
    ['CTIM', '{"data":{"verdicts":{"count":0,"docs":[]}}}'],
    ['mail', 'From: a@relay.example\nSubject: x\n\nbody\n'],
    ['HTML', '<html><body>192.0.2.1</body></html>'],
    ['one document', '{\n"a": "192.0.2.1"\n}\n'],
  ])('with %s', async (_what, text) => {
    const { status, stdout, stderr } = await runMain(['observe', ...SAMPLE, '--join', writeTempFile('in', text)]);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(
      /^cct: \S+: --join is for logs, csv and text, with one record per line; this is .+\. Leave --join out\n$/,
    );
  });

  test.each([
    [['--join', '--format', 'csv'], '--join prints the records themselves: leave --format out'],
    [['--join', '--sort', 'status'], '--join prints the records themselves: leave --sort out'],
    [['--join', '--only', 'listed'], '--join prints the records themselves: leave --only out'],
    [['--join', '--html', 'page.html'], '--join prints the records themselves: leave --html out'],
    [['--join', '--fields', 'status'], '--join prints the records themselves: leave --fields out'],
    [['--join', '--bom'], '--join prints the records themselves: leave --bom out'],
    [['--join', '--crlf'], '--join prints the records themselves: leave --crlf out'],
    [['--join', '--ip', '192.0.2.1'], '--join prints the records of a log: name a file instead of values'],
    [['--keep-all'], '--keep-all is for --join, which prints the records themselves'],
    [['--join-as', 'ecs'], '--join-as is for --join, which prints the records themselves'],
  ])('with %j', async (flags, message) => {
    expect(await runMain(['observe', ...SAMPLE, ...flags], { stdin: HIT })).toEqual({
      status: 2,
      stdout: '',
      stderr: `cct: ${message}\n`,
    });
  });
});
