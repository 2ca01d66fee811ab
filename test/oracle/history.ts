import { CAS, type Columns, EFFECTS, NEVER, OK, READ, TXN, UNEQUAL, UNKNOWN } from '../../src/history/columns.ts';
import { NOTHING, Texts } from '../../src/history/texts.ts';

/** What an operation wrote or found: nothing, one value, or a collection. Numbers are written out. */
export type Value = string | null | readonly string[];

/** One step of a transaction. `f` is READ, WRITE or APPEND. */
export interface Micro {
  readonly f: number;
  readonly key: number;
  readonly value: Value;
}

/** An operation in the oracle's own form, which knows no codes: the checkers get it as columns, the definitions as it stands. */
export interface Op {
  readonly id: number;
  readonly process: number;
  readonly effect: number;
  readonly status: number;
  readonly key: number;
  readonly value: Value;
  readonly expected: Value;
  /** Place of the call in the whole history; distinct from every other place. */
  readonly call: number;
  /** Place of the return; NEVER where the outcome is unknown. */
  readonly ret: number;
  readonly micro: readonly Micro[];
}

export interface History {
  /** Name of the data type of every key. */
  readonly type: string;
  /** In order of call. */
  readonly ops: readonly Op[];
  /** One correct object did all this, so that it satisfies every model. */
  readonly correct: boolean;
}

export const KEYS = ['x', 'y', 'z'] as const;

/** The moment of a rank in microseconds: in uneven steps, and now and then two events share one. */
export function momentUs(rank: number): number {
  const tick = Math.floor((rank * 2) / 3);
  return rank === NEVER ? Number.POSITIVE_INFINITY : tick * 10 + ((tick * tick) % 7);
}

export const same = (a: Value, b: Value): boolean => (Array.isArray(a) && Array.isArray(b) ? a.join(' ') === b.join(' ') : a === b);

/** The operations of some places, at the moments at which they were. */
export function part(history: History, keep: (op: Op, row: number) => boolean): History {
  return { ...history, ops: history.ops.filter(keep), correct: false };
}

/** The same operations, their ranks without holes and in order of call. */
export function ranked(ops: readonly Op[]): readonly Op[] {
  const events: { readonly at: number; readonly i: number }[] = [];
  for (const [i, { call, ret }] of ops.entries()) {
    events.push({ at: call, i });
    if (ret !== NEVER) events.push({ at: ret, i });
  }
  events.sort((a, b) => a.at - b.at);
  const call = new Map<number, number>();
  const ret = new Map<number, number>();
  for (const [rank, { i }] of events.entries()) (call.has(i) ? ret : call).set(i, rank + 1);
  return ops.map((op, i) => ({ ...op, call: call.get(i) ?? NEVER, ret: ret.get(i) ?? NEVER })).sort((a, b) => a.call - b.call);
}

/** What is known after the first `events` events: what has not returned is unknown, even if it failed later; what was not called is not there. */
export function beginning(history: History, events: number): History {
  const ops = history.ops.filter(({ call }) => call <= events).map((op) => (op.ret <= events ? op : open(op)));
  return { ...history, ops, correct: false };
}

function open(op: Op): Op {
  const micro = op.micro.map((one) => (one.f === READ ? { ...one, value: null } : one));
  return { ...op, status: UNKNOWN, ret: NEVER, value: knownAtCall(op) ? op.value : null, micro };
}

/** Whether the value of an operation is an argument; otherwise it is its result. */
export function knownAtCall({ effect }: Pick<Op, 'effect'>): boolean {
  const name = EFFECTS[effect];
  return !(name === 'read' || name === 'dequeue' || name === 'acquire' || name === 'generate' || name === 'txn');
}

/** The columns that a checker judges. Keys that nothing names are not there. */
export function columnsOf({ type, ops }: History): Columns {
  const texts = new Texts();
  const code = coder(texts, type);
  const used = KEYS.map((_, key) => key).filter((key) => ops.some((op) => touches(op, key)));
  const ints = (of: (op: Op) => number): Int32Array => Int32Array.from(ops, of);
  const words = new Map(ops.map((op) => [EFFECTS[op.effect] as string, { effect: op.effect, line: op.id }]));
  return {
    count: ops.length,
    ranks: Math.max(0, ...ops.map(({ call, ret }) => (ret === NEVER ? call : ret))),
    id: ints((op) => op.id),
    line: ints((op) => op.id),
    process: ints((op) => Texts.ofInt(op.process)),
    effect: Uint8Array.from(ops, (op) => op.effect),
    status: Uint8Array.from(ops, (op) => op.status),
    key: ints((op) => Math.max(0, used.indexOf(op.key))),
    value: ints((op) => code(op.value)),
    expected: ints((op) => code(op.expected)),
    call: ints((op) => op.call),
    ret: ints((op) => op.ret),
    keys: used.map((key) => KEYS[key] as string),
    texts,
    words,
    keyed: true,
    effects: ops.reduce((bits, { effect }) => bits | (1 << effect), 0),
    collections: ops.some((op) => Array.isArray(op.value) || op.micro.some(({ value }) => Array.isArray(value))),
    ...(ops.some(({ effect }) => effect === TXN) ? { transactions: transactionsOf(ops, used, code) } : {}),
    callUs: Float64Array.from(ops, (op) => momentUs(op.call)),
    returnUs: Float64Array.from(ops, (op) => momentUs(op.ret)),
    faults: [],
    notes: [],
  };
}

const touches = (op: Op, key: number): boolean => (op.effect === TXN ? op.micro.some((one) => one.key === key) : op.key === key);

function coder(texts: Texts, type: string): (value: Value) => number {
  const one = (text: string): number => {
    if (/^\d+$/.test(text)) return Texts.ofInt(Number(text));
    return type === 'kv' ? texts.ofString(text) : texts.ofPrinted(text);
  };
  return (value) => {
    if (value === null) return NOTHING;
    return typeof value === 'string' ? one(value) : texts.ofCollection(value.map(one));
  };
}

function transactionsOf(ops: readonly Op[], used: readonly number[], code: (value: Value) => number): NonNullable<Columns['transactions']> {
  const from = new Int32Array(ops.length + 1);
  ops.forEach((op, i) => {
    from[i + 1] = (from[i] as number) + op.micro.length;
  });
  const micro = ops.flatMap((op) => op.micro);
  return {
    from,
    f: Uint8Array.from(micro, ({ f }) => f),
    key: Int32Array.from(micro, ({ key }) => used.indexOf(key)),
    value: Int32Array.from(micro, ({ value }) => code(value)),
  };
}

const STATUS = ['ok', 'fail', 'unknown', 'fail'] as const;
const MICRO: Readonly<Record<number, string>> = { 0: 'r', 1: 'w', 3: 'append' };

/** The history as JSON Lines, one operation a line, as the program reads them. */
export function linesOf({ ops }: History): string {
  return ops
    .map((op) =>
      JSON.stringify({
        process: op.process,
        f: EFFECTS[op.effect],
        ...(op.effect === TXN ? {} : { key: KEYS[op.key] }),
        value: op.effect === TXN ? op.micro.map(({ f, key, value }) => [MICRO[f], KEYS[key], plain(value)]) : plain(op.value),
        ...(op.effect === CAS ? { expected: plain(op.expected) } : {}),
        ...(op.status === UNEQUAL ? { compared: true } : {}),
        call: op.call,
        return: op.ret === NEVER ? null : op.ret,
        ...(op.status === OK ? {} : { status: STATUS[op.status] }),
      }),
    )
    .join('\n');
}

const plain = (value: Value): unknown => {
  const one = (text: string): unknown => (/^\d+$/.test(text) ? Number(text) : text);
  return value === null || typeof value === 'string' ? (value === null ? null : one(value)) : value.map(one);
};
