/** Pieces of which one random text in many is nearly a defanged value, and some are none at all. */
export const fragments = [
  ...['hxxp', 'https', 'http', 'h**p', 'meow', 'tcp', 'fxp', '://', '[:]//', '[://]', '[:// ', ':\\\\', ':\\/\\/', '__'],
  ...['panel', 'example', '192', '0', '2', '1', '2001', 'db8', 'ä', '💩', '\ud800', '.', '[.]', '(.)', '{.}', '[dot]'],
  ...['( dot )', '\\.', '[.', '.]', '[', ']', '(', ')', '{', '}', ':', '//', '[:]', '[::]', '[/]', '(/)', '[@]', '(at)'],
  ...['@', '/', '\\', '?', '#', ' '],
];

/** What makes a careless pattern start over at every character. */
export const hostiles = [
  ...['http://', 'hxxp://', 'hxxp[:', 'h**p', 'http__', 'http__a', 'a-b://', 'http:\\\\a', 'http:// a .', '[', ']', '('],
  ...[')', '{', '[.]', '[.', '.]', '[ . ]', '[dot]', '\\.', '\\', '.', ':', '::', '[:]', '[/]', '/', '@', '*', ' ', "'"],
  ...['a', '1', '1.', 'a.', 'a-', 'a+', 'a@', 'a:', 'f:', '1[.]', 'a[.]', '192.0.2.', '192.0.2.1 ', '192.0.2.1-'],
  ...['http://a/', '(http://a/)', "'http://a/", 'http://a/,', 'http://a/(', 'http://a)', 'http://a@', 'http://a:'],
  ...['http://[', 'http://[2001:db8::1]', 'http://a$', '::ffff:', '地', '💩', '\ud800', '\u001b[', '\u001b[1', ',http'],
];

// Below this a clock and a garbage collector say more than the code does.
const FLOOR_MS = 4;
// Small first: what is quadratic fails there, and soon.
const LENGTHS = [16_000, 64_000];

/** The largest factor by which the time grows when a text of this piece becomes four times as long, up to 256,000. */
export function toGrowth(work: (text: string) => unknown, piece: string): number {
  let largest = 0;
  for (const length of LENGTHS) {
    if (largest < 10)
      largest = Math.max(
        largest,
        growthOf(work, (size) => repeatTo(piece, size), length),
      );
  }
  return largest;
}

/** The factor by which the time grows from a quarter of a megabyte to a megabyte of all the hostile pieces in one line. */
export function toMegabyteGrowth(work: (text: string) => unknown): number {
  const toText = (size: number) => hostiles.map((piece) => repeatTo(piece, size / hostiles.length)).join('');
  return growthOf(work, toText, 250_000);
}

function growthOf(work: (text: string) => unknown, toText: (length: number) => string, length: number): number {
  // A busy machine may spoil a measurement, but not each time; what is quadratic is so each time.
  const measure = () => medianMs(work, toText(4 * length)) / Math.max(medianMs(work, toText(length)), FLOOR_MS);
  let growth = measure();
  for (let more = 3; more > 0 && growth >= 10; more -= 1) growth = Math.min(growth, measure());
  return growth;
}

function repeatTo(piece: string, length: number): string {
  return piece.repeat(Math.ceil(length / piece.length));
}

function medianMs(work: (text: string) => unknown, text: string): number {
  const times = [1, 2, 3].map(() => {
    const start = performance.now();
    work(text);
    return performance.now() - start;
  });
  return times.sort((one, other) => one - other)[1] ?? Infinity;
}
