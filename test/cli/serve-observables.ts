/** An observable, and listings of a tracker that list it. */
export const PANEL = { type: 'ip', value: '198.51.100.60' };
export const listings = { [PANEL.value]: 'Malicious: Pony' };

/** As many different urls as wanted, none of them listed. */
export function toObservables(count: number, name: string) {
  return Array.from({ length: count }, (_, at) => ({ type: 'url', value: `http://${name}.example/${at}` }));
}
