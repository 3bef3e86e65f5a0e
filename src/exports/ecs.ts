import { toSafeJson } from '../core/safe-text.ts';
import { toEcsDocument } from '../documents/ecs.ts';
import { documentFacts } from './document-facts.ts';
import type { ExportFormat } from './export-format.ts';
import { toListIndicators } from './list-indicators.ts';
import { toLines } from './values.ts';

/** ECS threat indicators, one per line. */
export const ecsFormat: ExportFormat = {
  ...documentFacts,
  write(selection, leftOut) {
    const { indicators, entryCount } = toListIndicators(selection, leftOut);
    const render = () => toLines(indicators.map((each) => toSafeJson(toEcsDocument(each))));
    return { count: indicators.length, mergedCount: entryCount - indicators.length, render };
  },
};
