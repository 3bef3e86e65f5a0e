import type { Referral } from '../core/ctim/ctim.ts';
import type { Plan } from '../core/lookups/plan.ts';
import { toSearchUrl } from '../core/ctim/mapper.ts';

// CTIM's limit. A longer link is left out, like the `source_uri` of a Judgement.
const MAX_URI_LENGTH = 2048;
const NAMES = { ip: 'IP', url: 'URL', domain: 'domain' } as const;

/**
 * Creates a link to the tracker's search for each planned lookup, in input order. Skipped observables have none, since following it would
 * send them to the tracker. `apiUrl` ends with a slash. Ids, titles and categories follow Threat Response's other modules.
 */
export function toReferrals(plans: Iterable<Plan>, apiUrl: string): Referral[] {
  const referrals: Referral[] = [];
  for (const planned of plans) {
    if ('skip' in planned) continue;
    const { observable, question } = planned;
    const url = toSearchUrl(apiUrl, question.key);
    if (url.length > MAX_URI_LENGTH) continue;
    referrals.push({
      id: `ref-cybercrime-tracker-search-${question.type}-${encodeURIComponent(observable.value)}`,
      title: `Search for this ${NAMES[question.type]}`,
      description: `Look up this ${NAMES[question.type]} on CyberCrime Tracker`,
      url,
      categories: ['Search', 'CyberCrime Tracker'],
    });
  }
  return referrals;
}
