/** Waits until all pending callbacks have run. */
export function idle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
