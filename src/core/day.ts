/** The milliseconds of a day. */
export const DAY_MS = 24 * 60 * 60 * 1000;

/** Whether a text is an existing day as `YYYY-MM-DD`. */
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

/** Tomorrow in UTC, the latest date in any time zone. Later dates are ignored. */
export function toLatestDay(now: Date): string {
  return toDay(now.getTime() + DAY_MS);
}
