import { hash32 } from '../../src/core/draw.ts';

/** What a made-up store did: one entry an operation, in order of call. Values are numbers, 0 for none. */
export interface Recording {
  readonly count: number;
  readonly process: Int32Array;
  readonly key: Int32Array;
  readonly write: Uint8Array;
  readonly value: Int32Array;
}

/**
 * A store that is causal and converges, without being more: every session has a replica of its own, which takes up the writes of the others in one order but up to `lag` operations late, and its
 * own at once. Of two writes the one with the later Lamport time wins, so that writes that are called later often lose. With a lag of 0 it is a single register for each key.
 */
export function recordStore(operations: number, sessions: number, keys: number, lag: number, seed: number): Recording {
  const process = new Int32Array(operations);
  const key = new Int32Array(operations);
  const write = new Uint8Array(operations);
  const value = new Int32Array(operations);
  const lamport = new Int32Array(operations);
  const clock = new Int32Array(sessions);
  const reached = new Int32Array(sessions);
  /** For each replica and key the operation whose write wins there, plus 1. */
  const winner = new Int32Array(sessions * keys);
  const wins = (a: number, b: number): boolean =>
    b === 0 ||
    (lamport[a - 1] as number) > (lamport[b - 1] as number) ||
    (lamport[a - 1] === lamport[b - 1] && (process[a - 1] as number) > (process[b - 1] as number));
  const take = (session: number, i: number): void => {
    const at = session * keys + (key[i] as number);
    if (wins(i + 1, winner[at] as number)) winner[at] = i + 1;
    clock[session] = Math.max(clock[session] as number, lamport[i] as number);
  };
  for (let i = 0; i < operations; i++) {
    const session = hash32(seed, 1, i, 0, 0) % sessions;
    process[i] = session;
    key[i] = hash32(seed, 2, i, 0, 0) % keys;
    write[i] = hash32(seed, 3, i, 0, 0) & 1;
    const until = i - (lag === 0 ? 0 : hash32(seed, 4, session, i >> 8, 0) % lag);
    for (; (reached[session] as number) < until; reached[session] = (reached[session] as number) + 1) {
      const other = reached[session] as number;
      if (write[other] === 1 && process[other] !== session) take(session, other);
    }
    if (write[i] === 1) {
      lamport[i] = (clock[session] as number) + 1;
      value[i] = i + 1;
      take(session, i);
    } else {
      value[i] = winner[session * keys + (key[i] as number)] as number;
    }
  }
  return { count: operations, process, key, write, value };
}

/** As JSON Lines, one operation a line, which took no longer than to the next one. */
export function jsonLines({ count, process, key, write, value }: Recording): Uint8Array {
  const lines: string[] = [];
  for (let i = 0; i < count; i++) {
    const found = value[i] === 0 ? 'null' : value[i];
    lines.push(`{"p":${process[i]},"k":${key[i]},"f":"${write[i] === 1 ? 'w' : 'r'}","v":${found},"c":${2 * i + 1},"r":${2 * i + 2}}\n`);
  }
  return Buffer.from(lines.join(''));
}

/** As the text that Plume and AWDIT read: `r(key,value,session,transaction)`; 0 is what was there at the beginning. */
export function plume({ count, process, key, write, value }: Recording): string {
  const lines: string[] = [];
  for (let i = 0; i < count; i++) lines.push(`${write[i] === 1 ? 'w' : 'r'}(${key[i]},${value[i]},${process[i]},${i})\n`);
  return lines.join('');
}
