import type { Referral } from '../core/ctim.ts';
import type { Plan } from '../core/plan.ts';
import { toSearchUrl } from '../core/mapper.ts';

// CTIM's limit on a URI, which the answer's schema holds: a longer link is left out, as a Judgement's `source_uri` is.
const MAX_URI_LENGTH = 2048;

const TITLE_BY_TYPE = { ip: 'Search for this IP', url: 'Search for this URL', domain: 'Search for this domain' } as const;
const DESCRIPTION_BY_TYPE = {
  ip: 'Look up this IP on CyberCrime Tracker',
  url: 'Look up this URL on CyberCrime Tracker',
  domain: 'Look up this domain on CyberCrime Tracker',
} as const;

/**
 * One link to the tracker's own search for each planned observable that has a question, in input order. What is skipped gets
 * none: a link would carry to the tracker what should not leave the house. `apiUrl` is the tracker's base URL, with its
 * trailing slash. The form of ids, titles and categories is the convention of Threat Response's other modules.
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
      title: TITLE_BY_TYPE[question.type],
      description: DESCRIPTION_BY_TYPE[question.type],
      url,
      categories: ['Search', 'CyberCrime Tracker'],
    });
  }
  return referrals;
}
