import type { CctError } from '../core/errors.ts';
import { toVisible } from '../core/safe-text.ts';
import type { Colours } from './output/colour.ts';
import type { Writer } from '../files/writer.ts';

/** What is said to the person in front of it, on stderr. Lines are made safe to show. */
export interface Talk {
  /** Always said. */
  problem(text: string): void;
  /** Said unless quiet. */
  note(text: string): void;
  /** Said when verbose. */
  detail(text: string): void;
  /** The chain of causes, said when debugging; of a bug always, with its stack. */
  causes(error: CctError): void;
  /** Resolves when all was written. */
  flushed(): Promise<void>;
}

export interface TalkOptions {
  readonly stderr: Writer;
  readonly colours: Colours;
  readonly isQuiet: boolean;
  readonly isVerbose: boolean;
  readonly isDebugging: boolean;
}

export function createTalk({ stderr, colours, isQuiet, isVerbose, isDebugging }: TalkOptions): Talk {
  let written: Promise<unknown> = Promise.resolve();
  const say = (line: string) => {
    written = written.then(() => stderr.write(`${line}\n`)).catch(() => undefined);
  };
  return {
    problem: (text) => say(`${colours.red('cct:')} ${toVisible(text)}`),
    note: (text) => (isQuiet ? undefined : say(toVisible(text))),
    detail: (text) => (isVerbose ? say(colours.dim(toVisible(text))) : undefined),
    causes(error) {
      if (!isDebugging && error.code !== 'internal') return;
      for (let cause = error.cause; cause instanceof Error; cause = cause.cause) {
        for (const line of (cause.stack ?? cause.message).split('\n')) say(toVisible(line));
      }
    },
    async flushed() {
      await written;
    },
  };
}
