import type { CctError } from '../core/errors.ts';
import { toVisible } from '../core/safe-text.ts';
import type { Colours } from './output/colour.ts';
import type { Writer } from '../files/writer.ts';

/** Prints messages on stderr, made safe to show. */
export interface Talk {
  /** Always printed. */
  problem(text: string): void;
  /** Printed unless `--quiet`. */
  note(text: string): void;
  /** Printed with `--verbose`. */
  detail(text: string): void;
  /** Prints the chain of causes with `--debug`, and always for a bug. */
  causes(error: CctError): void;
  /** Resolves when everything is written. */
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
  const print = (line: string) => {
    written = written.then(() => stderr.write(`${line}\n`)).catch(() => undefined);
  };
  return {
    problem: (text) => print(`${colours.red('cct:')} ${toVisible(text)}`),
    note: (text) => (isQuiet ? undefined : print(toVisible(text))),
    detail: (text) => (isVerbose ? print(colours.dim(toVisible(text))) : undefined),
    causes(error) {
      if (!isDebugging && error.code !== 'internal') return;
      for (let cause = error.cause; cause instanceof Error; cause = cause.cause) {
        for (const line of (cause.stack ?? cause.message).split('\n')) print(toVisible(line));
      }
    },
    async flushed() {
      await written;
    },
  };
}
