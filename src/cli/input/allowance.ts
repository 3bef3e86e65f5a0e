import { formatCount, toAmount } from '../../core/amount.ts';
import { CctError } from '../../core/errors.ts';
import type { Plan } from '../../core/lookups/plan.ts';

const MAX_LOOKUPS = 1000;
// Values in logs and mail may be private.
const MAX_PRIVATE_LOOKUPS = 100;

type SentPlan = Extract<Plan, { question: unknown }>;

/** Whether a plan is looked up at the live site; a list answers domains. */
export function isSent(planned: Plan): planned is SentPlan {
  return 'question' in planned && planned.question.type !== 'domain';
}

/** The lookups that a run may make at the public site without `--yes`. */
export interface Allowance {
  /** Counts the lookup of a plan, if it has one and it was not counted yet. */
  add(planned: Plan, isPrivate: boolean): void;
  isExceeded(): boolean;
  /** `isWhole`: whether the whole input was counted. */
  toError(options: { readonly isWhole: boolean }): CctError;
}

/** 1,000 lookups, of which 100 come from records or mail. */
export function createAllowance(): Allowance {
  const keys = new Set<string>();
  const privateKeys = { ip: new Set<string>(), url: new Set<string>() };
  const countPrivate = () => privateKeys.ip.size + privateKeys.url.size;
  return {
    add(planned, isPrivate) {
      if (!isSent(planned) || keys.has(planned.question.key)) return;
      const { type, key } = planned.question;
      keys.add(key);
      if (isPrivate && type !== 'domain') privateKeys[type].add(key);
    },
    isExceeded: () => keys.size > MAX_LOOKUPS || countPrivate() > MAX_PRIVATE_LOOKUPS,
    toError({ isWhole }) {
      const upTo = (count: number) => (isWhole ? formatCount(count) : `more than ${formatCount(count - 1)}`);
      if (keys.size > MAX_LOOKUPS) {
        return new CctError(
          'input',
          `${upTo(keys.size)} lookups would overload the site. Use a snapshot (cct snapshot update, then --offline), or pass --yes`,
        );
      }
      const kinds = [
        ...(privateKeys.ip.size > 0 ? [toAmount(privateKeys.ip.size, 'address', 'addresses')] : []),
        ...(privateKeys.url.size > 0 ? [toAmount(privateKeys.url.size, 'URL')] : []),
      ];
      return new CctError(
        'input',
        `${isWhole ? '' : 'at least '}${kinds.join(' and ')} from logs or mail would be sent to the site and may be private. ` +
          'List them with --dry-run, look them up in a snapshot with --offline, or pass --yes',
      );
    },
  };
}
