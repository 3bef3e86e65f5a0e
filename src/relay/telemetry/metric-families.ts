// Families of metrics in Prometheus' text format 0.0.4: https://prometheus.io/docs/instrumenting/exposition_formats/

/** The labels of a series by their names. */
export type Labels = Readonly<Record<string, string | number>>;
/** A series with its value. */
type Sample = readonly [labels: Labels, value: number];

/** The label with each of the values that it takes. */
export function toKnown(label: string, values: readonly string[]): Labels[] {
  return values.map((value) => ({ [label]: value }));
}

/** Tells series of one family apart. Cheaper than the written labels, and these are needed only when metrics are read. */
function toKey(labels: Labels): string {
  return Object.values(labels).join('\n');
}

/** A family of counters; `known` are the labels that are there from the start, at 0. Others come with their first count. */
export function createCounter(name: string, help: string, known: readonly Labels[]) {
  const seriesByKey = new Map(known.map((labels) => [toKey(labels), { labels, total: 0 }]));
  return {
    add(labels: Labels, count = 1): void {
      const key = toKey(labels);
      const series = seriesByKey.get(key) ?? { labels, total: 0 };
      series.total += count;
      seriesByKey.set(key, series);
    },
    write: () =>
      writeFamily(
        name,
        'counter',
        help,
        [...seriesByKey.values()].map(({ labels, total }) => name + writeLabels(labels) + writeValue(total)),
      ),
  };
}

/** A family of histograms; `buckets` are upper bounds, in ascending order; `known` are all the labels that will ever be observed. */
export function createHistogram(name: string, help: string, buckets: readonly number[], known: readonly Labels[]) {
  // Each bucket counts for itself, the last what is above all bounds; they become cumulative when written.
  const createSeries = (labels: Labels) => ({ labels, counts: new Array<number>(buckets.length + 1).fill(0), sum: 0 });
  const seriesByKey = new Map(known.map((labels) => [toKey(labels), createSeries(labels)]));
  return {
    observe(labels: Labels, value: number): void {
      const series = seriesByKey.get(toKey(labels));
      if (!series) return;
      const found = buckets.findIndex((bound) => value <= bound);
      const index = found === -1 ? buckets.length : found;
      series.counts[index] = (series.counts[index] ?? 0) + 1;
      series.sum += value;
    },
    write: () => writeFamily(name, 'histogram', help, [...seriesByKey.values()].flatMap(writeSeries)),
  };

  function writeSeries({ labels, counts, sum }: ReturnType<typeof createSeries>): string[] {
    let total = 0;
    const lines = counts.map((count, index) => {
      total += count;
      const le = index === buckets.length ? '+Inf' : (buckets[index] ?? 0);
      return `${name}_bucket${writeLabels({ ...labels, le })}${writeValue(total)}`;
    });
    return [
      ...lines,
      `${name}_sum${writeLabels(labels)}${writeValue(sum)}`,
      `${name}_count${writeLabels(labels)}${writeValue(total)}`,
    ];
  }
}

/** A family of gauges, whose values were read this moment. */
export function writeGauge(name: string, help: string, samples: readonly Sample[]): string {
  return writeFamily(
    name,
    'gauge',
    help,
    samples.map(([labels, value]) => name + writeLabels(labels) + writeValue(value)),
  );
}

function writeFamily(name: string, type: 'counter' | 'gauge' | 'histogram', help: string, lines: readonly string[]): string {
  const escapedHelp = help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
  return [`# HELP ${name} ${escapedHelp}`, `# TYPE ${name} ${type}`, ...lines, ''].join('\n');
}

function writeLabels(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(String(value))}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escapeLabel(value: string): string {
  return value.replace(/[\\"\n]/g, (character) => (character === '\n' ? '\\n' : `\\${character}`));
}

/** Numbers as Go reads them, which is what the format asks for. */
function writeValue(value: number): string {
  if (Number.isFinite(value) || Number.isNaN(value)) return ` ${String(value)}`;
  return value > 0 ? ' +Inf' : ' -Inf';
}
