import type { PassedOver } from '../text/passed-over.ts';
import type { AddAgain, Reading } from './format.ts';
import { wrapReading } from './wrap-reading.ts';

/** Reads one value into a reading. */
export type ReadValue = (value: string, reading: Reading, line: number | undefined) => void;

const MAX_KEPT = 10_000;
const MAX_VALUE_LENGTH = 300;

interface Read {
  readonly findings: AddAgain[];
  readonly passedOver: PassedOver[];
}

/** The same as `read`, but quick for a value that comes again, as logs name few hosts and programs many times. For one input. */
export function rememberValues(read: ReadValue): ReadValue {
  const known = new Map<string, Read>();
  return (value, reading, line) => {
    const again = known.get(value);
    if (again) {
      for (const addAgain of again.findings) addAgain();
      for (const { reason, text } of again.passedOver) reading.passOver(reason, text, line);
      return;
    }
    const recorded: Read = { findings: [], passedOver: [] };
    const recording = wrapReading(reading, {
      add(finding) {
        const addAgain = reading.add(finding);
        if (addAgain) recorded.findings.push(addAgain);
        return addAgain;
      },
      passOver(reason, text) {
        recorded.passedOver.push({ reason, text });
        reading.passOver(reason, text, line);
      },
    });
    read(value, recording, line);
    if (known.size >= MAX_KEPT) known.clear();
    if (value.length <= MAX_VALUE_LENGTH) known.set(value, recorded);
  };
}
