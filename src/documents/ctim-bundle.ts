import type { Judgement } from '../core/ctim/ctim.ts';
import type { LedgerRow } from '../core/ledger/ledger.ts';
import { SCHEMA_VERSION, SOURCE, toEntityIds } from '../core/ctim/mapper.ts';
import { cut, toSafeJson, toVisible } from '../core/safe-text.ts';
import { toClean } from './merged-indicator.ts';
import type { RowFormat } from './row-format.ts';

/** A Judgement and its family, which may be ''. */
type Judged = Required<Pick<LedgerRow, 'judgement' | 'family'>>;

/** Bundles for CTIA's `bundle/import`, written at the end. */
export function createCtimBundleFormat({ bundleSize }: { readonly bundleSize: number }): RowFormat {
  const judged: Judged[] = [];
  return {
    isStreaming: false,
    add(rows) {
      for (const { status, judgement, family = '' } of rows) {
        if (status === 'listed' && judgement) judged.push({ judgement, family });
      }
      return '';
    },
    end: () => writeCtimBundles(judged, bundleSize),
  };
}

/** Writes bundles, one per line, of at most `bundleSize` entities of a kind. Without Judgements, writes one with empty lists, which is importable. */
export function* writeCtimBundles(judged: readonly Judged[], bundleSize: number): Generator<string> {
  let start = 0;
  do {
    yield `${toSafeJson(toCtimBundle(judged.slice(start, start + bundleSize)))}\n`;
    start += bundleSize;
  } while (start < judged.length);
}

/** A bundle has as many Relationships as Judgements, and at most as many Indicators. */
function toCtimBundle(judged: readonly Judged[]) {
  const indicators = new Map<string, CtimIndicator>();
  const relationships = judged.map(({ judgement, family }) => {
    const name = toClean(family);
    const indicator = indicators.get(name) ?? toCtimIndicator(name);
    indicators.set(name, indicator);
    return toRelationship(judgement, indicator);
  });
  return {
    source: SOURCE,
    judgements: judged.map(({ judgement }) => ({ ...judgement, reason: judgement.reason.toWellFormed() })),
    indicators: [...indicators.values()],
    relationships,
  };
}

// CTIM's limits, in UTF-16 units.
const MAX_TITLE_LENGTH = 1_024;
const MAX_DESCRIPTION_LENGTH = 5_000;
// Fixed, so that an Indicator is the same in every bundle. CTIM uses this end time for "no end".
const ALWAYS = { start_time: '1970-01-01T00:00:00.000Z', end_time: '2525-01-01T00:00:00.000Z' };

type CtimIndicator = ReturnType<typeof toCtimIndicator>;

/** The Indicator of a family, or of listings without one. */
function toCtimIndicator(family: string) {
  const shown = toVisible(family);
  return {
    type: 'indicator',
    ...toEntityIds('indicator', [SOURCE, 'indicator', family]),
    schema_version: SCHEMA_VERSION,
    producer: SOURCE,
    source: SOURCE,
    title: cut(family === '' ? SOURCE : `${SOURCE}: ${shown}`, MAX_TITLE_LENGTH),
    description: cut(
      family === '' ? 'C2 panels without a malware family' : `C2 panels of the malware family ${shown}`,
      MAX_DESCRIPTION_LENGTH,
    ),
    confidence: 'Low',
    severity: 'Medium',
    tlp: 'white',
    valid_time: ALWAYS,
  };
}

function toRelationship({ id: judgement }: Judgement, { id: indicator }: CtimIndicator) {
  return {
    type: 'relationship',
    ...toEntityIds('relationship', [SOURCE, 'element-of', judgement, indicator]),
    schema_version: SCHEMA_VERSION,
    source: SOURCE,
    source_ref: judgement,
    target_ref: indicator,
    relationship_type: 'element-of',
    tlp: 'white',
  };
}
