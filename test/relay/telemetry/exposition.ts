interface Family {
  readonly help: string;
  readonly type: string;
  /** Values by the series as it is written, without spaces. */
  readonly samples: Map<string, number>;
}

const HELP = /^# HELP ([a-z_]+) ((?:[^\\]|\\[\\n])+)$/;
const TYPE = /^# TYPE ([a-z_]+) (counter|gauge|histogram)$/;

const SAMPLE =
  /^([a-z_]+)((?:\{[a-z_]+="(?:[^\\"]|\\[\\"n])*"(?:,[a-z_]+="(?:[^\\"]|\\[\\"n])*")*\})?) (-?\d+(?:\.\d+)?(?:e-?\d+)?|\+Inf|-Inf|NaN)$/;

/** The families of a text in Prometheus' format. Throws at the first line that does not belong where it stands. */
export function parseExposition(text: string): Map<string, Family> {
  if (!text.endsWith('\n')) throw new Error('The last line has no end');
  const families = new Map<string, Family>();
  let help: readonly string[] = [];
  let name = '';
  for (const line of text.slice(0, -1).split('\n')) {
    const [helpMatch, typeMatch, sample] = [HELP.exec(line), TYPE.exec(line), SAMPLE.exec(line)];
    if (helpMatch) help = helpMatch.slice(1);
    else if (typeMatch) {
      name = typeMatch[1] ?? '';
      if (help[0] !== name || families.has(name)) throw new Error(`TYPE without its HELP, or again: ${line}`);
      families.set(name, { help: help[1] ?? '', type: typeMatch[2] ?? '', samples: new Map() });
    } else if (sample) addSample(families.get(name), name, sample);
    else throw new Error(`Not of the format: ${line}`);
  }
  return families;
}

function addSample(family: Family | undefined, name: string, [line, sampleName = '', labels = '', value]: RegExpExecArray): void {
  const suffixes = family?.type === 'histogram' ? ['_bucket', '_sum', '_count'] : [''];
  if (!family || !suffixes.some((suffix) => sampleName === name + suffix)) throw new Error(`Outside its family: ${line}`);
  if (family.samples.has(sampleName + labels)) throw new Error(`The same series again: ${line}`);
  family.samples.set(sampleName + labels, Number(value));
}
