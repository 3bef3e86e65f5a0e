/** Lets everything run that waits for nothing but its turn. */
export function idle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
