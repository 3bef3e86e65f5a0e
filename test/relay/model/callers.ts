import { setImmediate as nextTurn } from 'node:timers/promises';
import { judge } from './judge.ts';
import type { Asking } from './asking.ts';
import { inTime, waitFor } from './patience.ts';
import { REFUSALS, toPieces } from './requests.ts';
import type { Asked, BadRequest } from './steps.ts';
import { SLOTS, SUBJECTS } from './steps.ts';
import { readToldAnswer } from '../../helpers/relay-answers.ts';
import type { CallerConnection, WireAnswer } from './wire.ts';
import { openCaller } from './wire.ts';
import type { World } from './world.ts';

/** A request that was sent, and what became of it. */
interface Exchange {
  readonly id: string;
  readonly caller: Caller;
  /** The how manieth of its connection, from 1. */
  readonly ordinal: number;
  readonly asking: Asking;
  readonly settled: Promise<void>;
  state: 'waits' | 'answered' | 'left' | 'closed';
}

interface Caller {
  readonly connection: CallerConnection;
  sent: number;
  /** No further request can be sent on it. */
  isSpent: boolean;
  /** An answer has said that it was the last on its connection. */
  isDismissed: boolean;
}

/** Those who ask the relay. What they get is compared with the model as it comes; `problems` says what was not as it should be. */
export interface Callers {
  readonly problems: string[];
  readonly exchanges: readonly Exchange[];
  /** The server has its headers. */
  isAccepted(exchange: Exchange): boolean;
  ask(slot: number, asked: Asked, waits: boolean): Promise<void>;
  askBadly(how: BadRequest): Promise<void>;
  leave(slot: number, how: 'end' | 'reset'): Promise<void>;
  leaveEarly(asked: Asked, sent: number, how: 'end' | 'reset'): Promise<void>;
  /** Waits until each has its answer, or its connection is closed. */
  settle(): Promise<void>;
  /** Closes all connections, and looks at what came that nobody had asked for. */
  close(): void;
}

/** The callers of a world, none of whom has come yet. */
export function openCallers(world: World): Callers {
  const { model, watch, port, log } = world;
  const problems: string[] = [];
  const exchanges: Exchange[] = [];
  const connections: CallerConnection[] = [];
  const slots = new Array<Caller | undefined>(SLOTS).fill(undefined);
  let ids = 0;

  const open = async (): Promise<Caller> => {
    const connection = await inTime('a connection', openCaller(port));
    connections.push(connection);
    await watch.taken(connection.localPort);
    return { connection, sent: 0, isSpent: false, isDismissed: false };
  };
  const callerAt = async (slot: number): Promise<Caller> => {
    const known = slots[slot];
    if (known?.connection.isOpen === true && !known.isSpent) return known;
    return (slots[slot] = await open());
  };
  const isAccepted = ({ caller, ordinal }: Exchange) => watch.acceptedFrom(caller.connection.localPort) >= ordinal;

  const receive = (exchange: Exchange, asked: Asked, answer: WireAnswer | undefined) => {
    if (exchange.state !== 'waits') {
      if (answer) problems.push(`${exchange.id} was answered after its caller had left`);
      return;
    }
    if (!answer) {
      exchange.state = 'closed';
      model.leave(exchange.asking);
      return;
    }
    exchange.state = 'answered';
    exchange.caller.isDismissed = answer.headers.get('connection') === 'close';
    const subjects = asked.about.flatMap((at) => SUBJECTS.slice(at, at + 1));
    const judged = judge(answer, { subjects, mode: asked.mode, asking: exchange.asking }, model);
    if (answer.headers.get('x-request-id') !== exchange.id) problems.push(`${exchange.id} got another answer`);
    problems.push(...judged.problems.map((problem) => `${exchange.id}: ${problem}`));
    model.settle(exchange.asking, judged.fates);
  };

  const begin = (caller: Caller, asked: Asked, id: string): Exchange => {
    const keys = [...new Set(asked.about.flatMap((at) => SUBJECTS.slice(at, at + 1).map(({ key }) => key)))];
    const answer = caller.connection.expectAnswer();
    const settled = answer.then(
      (came) => receive(exchange, asked, came),
      (thrown: unknown) => void problems.push(`${id}: ${String(thrown)}`),
    );
    const exchange: Exchange = { id, caller, ordinal: (caller.sent += 1), asking: model.begin(keys), settled, state: 'waits' };
    caller.isSpent = asked.hasJunk;
    exchanges.push(exchange);
    return exchange;
  };

  const send = async ({ connection }: Caller, pieces: readonly Buffer[]) => {
    for (const piece of pieces) {
      connection.send(piece);
      await nextTurn();
    }
  };

  /** Waits until the server has let go of a connection, and of what it had accepted on it. */
  const depart = async ({ connection }: Caller, how: 'end' | 'reset', accepted: () => readonly string[]) => {
    connection.hangUp(how);
    await watch.closed(connection.localPort);
    for (const id of accepted()) {
      await waitFor(`the end of ${id}, whose caller has left`, () => log.requests.some(({ requestId }) => requestId === id));
    }
  };

  return {
    problems,
    exchanges,
    isAccepted,
    async ask(slot, asked, waits) {
      const caller = await callerAt(slot);
      const id = `r${(ids += 1)}`;
      const exchange = begin(caller, asked, id);
      await send(caller, toPieces(asked, id));
      if (waits && !world.site.isHeld) await inTime(`the answer to ${id}`, exchange.settled);
    },
    async askBadly(how) {
      const { connection } = await open();
      const { bytes, status, code } = REFUSALS[how];
      const answered = connection.expectAnswer();
      connection.send(bytes);
      const answer = await inTime(`the answer to ${how}`, answered);
      const codes = readToldAnswer(answer?.body ?? '').errorCodes;
      const isRight = answer?.status === status && (code === undefined || codes.join() === code);
      if (!isRight) problems.push(`${how} is answered ${String(answer?.status)} ${String(answer?.body)}`);
      connection.hangUp('end');
    },
    async leave(slot, how) {
      const caller = slots[slot];
      if (!caller) return;
      slots[slot] = undefined;
      const waiting = exchanges.filter((exchange) => exchange.caller === caller && exchange.state === 'waits');
      for (const exchange of waiting) exchange.state = 'left';
      await depart(caller, how, () => waiting.filter(isAccepted).map(({ id }) => id));
      for (const { asking } of waiting) model.leave(asking);
    },
    async leaveEarly(asked, sent, how) {
      const caller = await open();
      const id = `r${(ids += 1)}`;
      const bytes = Buffer.concat(toPieces({ ...asked, hasJunk: false }, id));
      await send(caller, [bytes.subarray(0, Math.floor(bytes.length * sent))]);
      await depart(caller, how, () => (watch.acceptedFrom(caller.connection.localPort) > 0 ? [id] : []));
    },
    async settle() {
      for (const { id, settled } of exchanges.filter(({ state }) => state === 'waits'))
        await inTime(`the answer to ${id}`, settled);
    },
    close() {
      for (const connection of connections) {
        connection.hangUp('end');
        if (/^HTTP\/1\.1 (?!400 )/.test(connection.surplus))
          problems.push(`somebody got more than he asked for: ${connection.surplus}`);
      }
    },
  };
}
