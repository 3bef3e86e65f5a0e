/** The milliseconds of a day. */
export const DAY_MS = 24 * 60 * 60 * 1000;

/** Whether a text is `YYYY-MM-DD` and a day that exists. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const midnight = new Date(`${text}T00:00:00Z`);
  // The parser moves the 31st of a short month into the next month.
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(text);
}

/** The day of a moment in UTC, `YYYY-MM-DD`. */
export function toDay(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 10);
}

/** The latest local day on earth, that after today in UTC: later dates do not count. */
export function toLatestDay(now: Date): string {
  return toDay(now.getTime() + DAY_MS);
}
