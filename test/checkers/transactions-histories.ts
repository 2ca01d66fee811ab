import fc from 'fast-check';
import type { Recorded } from '../../src/checkers/model.ts';
import { typeNamed } from '../../src/checkers/types.ts';
import { APPEND, type Columns, FAIL, NEVER, OK, READ, TXN, UNKNOWN, WRITE } from '../../src/history/columns.ts';
import { NOTHING, Texts } from '../../src/history/texts.ts';

/** `['r', 'x', [1, 2]]`, `['a', 'x', 3]` appends, `['r', 'y', null]`, `['w', 'y', 4]`. */
export type Move = readonly ['r' | 'a' | 'w', string, number | null | readonly number[]];

export interface Txn {
  readonly moves: readonly Move[];
  readonly status: 'ok' | 'fail' | 'unknown';
  /** Distinct ranks; a return of no meaning stands with what is unknown. */
  readonly call: number;
  readonly ret: number;
}

const F = { r: READ, a: APPEND, w: WRITE } as const;
const STATUS = { ok: OK, fail: FAIL, unknown: UNKNOWN } as const;

/** Transactions as they would be read from a file, in order of invocation; ids are rows + 1. */
export function recorded(type: 'list-append' | 'rw-register', txns: readonly Txn[]): Recorded {
  const rows = txns.toSorted((a, b) => a.call - b.call);
  const texts = new Texts();
  const keys = [...new Set(rows.flatMap(({ moves }) => moves.map(([, key]) => key)))];
  const moves = rows.flatMap((row) => row.moves);
  const code = (value: Move[2]): number =>
    value === null ? NOTHING : typeof value === 'number' ? Texts.ofInt(value) : texts.ofCollection(value.map((each) => Texts.ofInt(each)));
  let place = 0;
  const from = Int32Array.from([0, ...rows.map((row) => (place += row.moves.length))]);
  const columns: Columns = {
    count: rows.length,
    ranks: rows.reduce((most, { call, ret, status }) => Math.max(most, call, status === 'unknown' ? 0 : ret), 0),
    id: Int32Array.from(rows, (_, i) => i + 1),
    line: Int32Array.from(rows, (_, i) => i + 1),
    process: Int32Array.from(rows, (_, i) => Texts.ofInt(i)),
    effect: new Uint8Array(rows.length).fill(TXN),
    status: Uint8Array.from(rows, ({ status }) => STATUS[status]),
    key: new Int32Array(rows.length),
    value: new Int32Array(rows.length),
    expected: new Int32Array(rows.length),
    call: Int32Array.from(rows, ({ call }) => call),
    ret: Int32Array.from(rows, ({ ret, status }) => (status === 'unknown' ? NEVER : ret)),
    ...{ keys, texts, words: new Map(), keyed: false, effects: 1 << TXN, collections: type === 'list-append', faults: [], notes: [] },
    transactions: {
      from,
      f: Uint8Array.from(moves, ([f]) => F[f]),
      key: Int32Array.from(moves, ([, key]) => keys.indexOf(key)),
      value: Int32Array.from(moves, ([, , value]) => code(value)),
    },
  };
  const dataType = typeNamed(type);
  if (dataType === undefined) throw new Error(`no type ${type}`);
  return { columns, types: keys.map(() => dataType) };
}

type State = ReadonlyMap<string, readonly number[] | number | null>;

/** The state behind a transaction; undefined where it cannot have read what it read. */
function executed(before: State, { moves, status }: Txn): State | undefined {
  const state = new Map(before);
  for (const [f, key, value] of moves) {
    const now = state.get(key) ?? null;
    if (f === 'w') state.set(key, value);
    else if (f === 'a') state.set(key, [...(Array.isArray(now) ? now : []), value as number]);
    else if (status === 'ok' && JSON.stringify(empty(now)) !== JSON.stringify(empty(value))) return undefined;
  }
  return state;
}

function empty(value: Move[2]): Move[2] {
  return Array.isArray(value) && value.length === 0 ? null : value;
}

/** The definition itself: all ok transactions and some of the unknown ones, one after the other in some order, which keeps real time where it must. */
export function oracle(txns: readonly Txn[], realTime: boolean, state: State = new Map()): boolean {
  if (!txns.some(({ status }) => status === 'ok')) return true;
  return txns.some((first) => {
    if (first.status === 'fail') return false;
    const rest = txns.filter((other) => other !== first);
    if (realTime && rest.some(({ status, ret }) => status === 'ok' && ret < first.call)) return false;
    const after = executed(state, first);
    return after !== undefined && oracle(rest, realTime, after);
  });
}

interface Plan {
  readonly moves: readonly { readonly reads: boolean; readonly key: number }[];
  readonly status: Txn['status'];
  readonly length: number;
  readonly gap: number;
  /** Where in the order of execution, and whether an unknown one took place. */
  readonly turn: number;
  readonly happened: boolean;
}

const plan: fc.Arbitrary<Plan> = fc.record({
  moves: fc.array(fc.record({ reads: fc.boolean(), key: fc.nat(2) }), { minLength: 1, maxLength: 4 }),
  status: fc.constantFrom('ok' as const, 'ok' as const, 'ok' as const, 'ok' as const, 'unknown' as const, 'fail' as const),
  length: fc.integer({ min: 1, max: 12 }),
  gap: fc.nat(5),
  turn: fc.nat(20),
  happened: fc.boolean(),
});

export interface Options {
  readonly type: 'list-append' | 'rw-register';
  readonly most: number;
  /** Whether values may be written more than once. */
  readonly repeats?: boolean;
}

/**
 * Histories that were executed in an order of turns, of which some fit the intervals and some do not, with some reads changed afterwards: many are valid, many are not,
 * and few of those plainly so.
 */
export function anyTransactions({ type, most, repeats = false }: Options): fc.Arbitrary<readonly Txn[]> {
  const changes = fc.array(fc.record({ txn: fc.nat(most), move: fc.nat(4), how: fc.nat(4), with: fc.nat(9) }), { maxLength: 2 });
  return fc.tuple(fc.array(plan, { minLength: 1, maxLength: most }), changes, fc.boolean()).map(([plans, odd, timely]) => {
    const ranks = ranked(plans);
    const order = plans.map((_, i) => i).sort((a, b) => by(plans, ranks, timely, a) - by(plans, ranks, timely, b));
    const state = new Map<string, readonly number[] | number | null>();
    const done = new Map<number, Move[]>();
    let fresh = 0;
    for (const i of order) {
      const { moves, status, happened } = plans[i] as Plan;
      const own = new Map(state);
      const made = moves.map(({ reads, key: k }): Move => {
        const key = 'xyz'[k] as string;
        const now = own.get(key) ?? null;
        if (reads) return ['r', key, status === 'ok' ? now : null];
        const value = repeats ? 1 + (++fresh % 2) : ++fresh;
        own.set(key, type === 'list-append' ? [...(Array.isArray(now) ? now : []), value] : value);
        return [type === 'list-append' ? 'a' : 'w', key, value];
      });
      done.set(i, made);
      if (status === 'ok' || (status === 'unknown' && happened)) for (const [key, value] of own) state.set(key, value);
    }
    const written = new Map<string, number[]>();
    for (const moves of done.values())
      for (const [f, key, value] of moves) if (f !== 'r') written.set(key, [...(written.get(key) ?? []), value as number]);
    for (const change of odd) mutate(type, done.get(change.txn % plans.length) as Move[], change, written);
    return plans.map(({ status }, i) => ({ status, moves: done.get(i) as Move[], ...(ranks[i] as { call: number; ret: number }) }));
  });
}

function by(plans: readonly Plan[], ranks: readonly { call: number; ret: number }[], timely: boolean, i: number): number {
  const { call, ret } = ranks[i] as { call: number; ret: number };
  const { turn } = plans[i] as Plan;
  return timely ? call + ((ret - call) * turn) / 21 : turn;
}

function ranked(plans: readonly Plan[]): { call: number; ret: number }[] {
  let now = 0;
  const events = plans.flatMap(({ gap, length }, i) => {
    now += gap;
    return [
      { i, at: now, end: 0 },
      { i, at: now + length, end: 1 },
    ];
  });
  events.sort((a, b) => a.at - b.at || a.i - b.i);
  const rank = (i: number, end: number): number => events.findIndex((event) => event.i === i && event.end === end) + 1;
  return plans.map((_, i) => ({ call: rank(i, 0), ret: rank(i, 1) }));
}

/** Changes what a read returned: nothing, another value, one element less, one more, or two changed about. */
function mutate(
  type: Options['type'],
  moves: Move[],
  change: { move: number; how: number; with: number },
  written: ReadonlyMap<string, readonly number[]>,
): void {
  const at = change.move % moves.length;
  const [f, key, value] = moves[at] as Move;
  if (f !== 'r') return;
  // Now and then a value that nobody wrote to the key.
  const values = [...(written.get(key) ?? []), ...(change.with === 9 ? [99] : [])];
  const other = values[change.with % Math.max(1, values.length)];
  if (other === undefined) return;
  if (change.how === 0) moves[at] = ['r', key, null];
  else if (type === 'rw-register') moves[at] = ['r', key, other];
  else {
    const list = Array.isArray(value) ? [...(value as readonly number[])] : [];
    if (change.how === 1) moves[at] = ['r', key, list.slice(0, -1)];
    else if (change.how === 2) moves[at] = ['r', key, [...list, other]];
    else if (change.how === 3) moves[at] = ['r', key, list.slice(1)];
    else moves[at] = ['r', key, list.toReversed()];
  }
}

/** Registers with short transactions, every read of which drew what it found from all that was written to the key: contradictions of all sorts, mostly without any plain one. */
export function anyReads(most: number): fc.Arbitrary<readonly Txn[]> {
  const move = fc.record({ reads: fc.boolean(), key: fc.nat(2), from: fc.nat(6) });
  const txn = fc.record({
    moves: fc.uniqueArray(move, { minLength: 1, maxLength: 4, selector: ({ reads, key }) => `${reads} ${key}` }),
    status: fc.constantFrom('ok' as const, 'ok' as const, 'ok' as const, 'ok' as const, 'unknown' as const),
    length: fc.integer({ min: 1, max: 20 }),
    gap: fc.nat(3),
  });
  return fc.array(txn, { minLength: 2, maxLength: most }).map((drawn) => {
    const plans = drawn.map(({ moves, ...rest }) => ({ ...rest, moves: moves.toSorted((a, b) => Number(b.reads) - Number(a.reads)) }));
    const ranks = ranked(plans.map(({ length, gap, moves, status }) => ({ moves, status, length, gap, turn: 0, happened: true })));
    const writers = (key: number, except: number): number[] =>
      plans.flatMap(({ moves }, i) => (i !== except && moves.some((each) => !each.reads && each.key === key) ? [i] : []));
    return plans.map(({ moves, status }, i) => ({
      status,
      moves: moves.map(({ reads, key, from }): Move => {
        const name = 'xyz'[key] as string;
        if (!reads) return ['w', name, i + 1];
        const by = [-1, ...writers(key, i)];
        const source = by[from % by.length] as number;
        return ['r', name, source < 0 || status !== 'ok' ? null : source + 1];
      }),
      ...(ranks[i] as { call: number; ret: number }),
    }));
  });
}

/** What `clients` did one transaction after the other on registers that happen at moments inside their intervals: strictly serializable, with writes that nobody reads. */
export function simulated(count: number, clients: number, seed: number): readonly Txn[] {
  let state = seed;
  const random = (): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) / 0x1000000;
  };
  const events: { readonly at: number; readonly txn: number; readonly phase: 0 | 1 | 2 }[] = [];
  const free = new Array<number>(clients).fill(0);
  for (let txn = 0; txn < count; txn++) {
    const client = free.indexOf(Math.min(...free));
    const call = (free[client] as number) + random();
    const ret = call + 1 + 10 * random();
    events.push({ at: call, txn, phase: 0 }, { at: call + (ret - call) * random(), txn, phase: 1 }, { at: ret, txn, phase: 2 });
    free[client] = ret;
  }
  events.sort((a, b) => a.at - b.at || a.phase - b.phase);
  const registers = new Map<string, number>();
  const done = Array.from({ length: count }, () => ({ moves: [] as Move[], call: 0, ret: 0 }));
  let written = 0;
  for (const [rank, { txn, phase }] of events.entries()) {
    const own = done[txn] as (typeof done)[number];
    if (phase === 0) own.call = rank + 1;
    else if (phase === 2) own.ret = rank + 1;
    else
      for (let m = 0; m < 3; m++) {
        const key = 'tuvwxyz'[Math.floor(random() * 7)] as string;
        if (random() < 0.5) own.moves.push(['r', key, registers.get(key) ?? null]);
        else {
          registers.set(key, ++written);
          own.moves.push(['w', key, written]);
        }
      }
  }
  return done.map((txn) => ({ ...txn, status: 'ok' as const }));
}
