let last = { ms: NaN, text: '' };

/** ISO 8601 with milliseconds and `Z`. Thousands of answers have one moment, and to write it takes longer than to find it in a list. */
export function toIso(moment: Date): string {
  const ms = moment.getTime();
  if (ms !== last.ms) last = { ms, text: moment.toISOString() };
  return last.text;
}
