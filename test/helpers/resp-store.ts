/** A reply of RESP 2: a status, an error, an integer, a text, null, or a list of texts. */
export type Reply = { readonly status: string } | { readonly error: string } | number | Buffer | null | readonly Buffer[];

/** The entries of a small Redis, with the commands that the tests and the program send. */
export interface RespStore {
  run(words: readonly Buffer[]): Reply;
}

interface Entry {
  readonly value: Buffer | 'list';
  readonly expiresAtMs?: number;
}

const OK = { status: 'OK' };
const WRONG_TYPE = { error: 'WRONGTYPE Operation against a key holding the wrong kind of value' };
const FULL = { error: "OOM command not allowed when used memory > 'maxmemory'." };
const NOTHING = Buffer.alloc(0);

/** An empty store. Entries expire by the system clock. */
export function createRespStore(): RespStore {
  const entries = new Map<string, Entry>();
  let isFull = false;

  const find = (key: string): Entry | undefined => {
    const entry = entries.get(key);
    if (entry?.expiresAtMs !== undefined && entry.expiresAtMs <= Date.now()) entries.delete(key);
    return entries.get(key);
  };
  /** Replaces a text; its expiry stays. */
  const changeText = (key: string, change: (text: Buffer) => Buffer): Reply => {
    const entry = find(key) ?? { value: NOTHING };
    if (entry.value === 'list') return WRONG_TYPE;
    const value = change(entry.value);
    entries.set(key, { ...entry, value });
    return value.length;
  };
  const set = (key: string, value: Buffer, unit?: Buffer, amount?: Buffer): Reply => {
    if (isFull) return FULL;
    entries.set(key, { value, ...(String(unit) === 'PX' ? { expiresAtMs: Date.now() + Number(amount) } : {}) });
    return OK;
  };
  const get = (key: string): Reply => {
    const { value = null } = find(key) ?? {};
    return value === 'list' ? WRONG_TYPE : value;
  };
  const getRange = (key: string, from: number, to: number): Reply => {
    const value = find(key)?.value ?? NOTHING;
    return value === 'list' ? WRONG_TYPE : value.subarray(from, to + 1);
  };
  const leftMs = (key: string): number => {
    const { expiresAtMs } = find(key) ?? {};
    return expiresAtMs === undefined ? -1 : expiresAtMs - Date.now();
  };

  return {
    run([name = NOTHING, first = NOTHING, second = NOTHING, third = NOTHING, fourth]) {
      const key = first.toString('latin1');
      switch (name.toString('latin1').toUpperCase()) {
        case 'PING':
          return { status: 'PONG' };
        case 'SET':
          return set(key, second, third, fourth);
        case 'GET':
          return get(key);
        case 'GETRANGE':
          return getRange(key, Number(second), Number(third));
        case 'APPEND':
          return changeText(key, (text) => Buffer.concat([text, second]));
        case 'SETRANGE':
          return changeText(key, (text) => {
            const longer = Buffer.alloc(Math.max(text.length, Number(second) + third.length));
            text.copy(longer);
            third.copy(longer, Number(second));
            return longer;
          });
        case 'RPUSH':
          entries.set(key, { value: 'list' });
          return 1;
        case 'KEYS':
          return [...entries.keys()].filter((one) => find(one) !== undefined).map((one) => Buffer.from(one, 'latin1'));
        case 'PTTL':
          return leftMs(key);
        case 'DBSIZE':
          return entries.size;
        case 'CONFIG':
          isFull = true;
          return OK;
        default:
          return { error: `ERR unknown command '${name.toString('latin1')}'` };
      }
    },
  };
}
