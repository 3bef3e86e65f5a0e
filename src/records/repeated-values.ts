import type { PassedOver } from '../text/passed-over.ts';
import type { Reading } from './format.ts';
import { wrapReading } from './wrap-reading.ts';

/** Reads one value into a reading. */
export type ReadValue = (value: string, reading: Reading, line: number | undefined) => void;

const MAX_KEPT = 10_000;
const MAX_VALUE_LENGTH = 300;

/**
 * The same as `read`, but quick for a value that comes again, as logs name few hosts and programs many times: its findings are added once,
 * what is passed over is counted each time. For one input.
 */
export function rememberValues(read: ReadValue): ReadValue {
  const passedOver = new Map<string, readonly PassedOver[]>();
  return (value, reading, line) => {
    const known = passedOver.get(value);
    if (known) {
      for (const { reason, text } of known) reading.passOver(reason, text, line);
      return;
    }
    const pieces: PassedOver[] = [];
    const recording = wrapReading(reading, {
      passOver(reason, text) {
        pieces.push({ reason, text });
        reading.passOver(reason, text, line);
      },
    });
    read(value, recording, line);
    if (passedOver.size >= MAX_KEPT) passedOver.clear();
    if (value.length <= MAX_VALUE_LENGTH) passedOver.set(value, pieces);
  };
}
