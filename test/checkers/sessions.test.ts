import { describe, expect, it } from 'vitest';
import { finish, type Model } from '../../src/checkers/model.ts';
import { pick } from '../../src/checkers/rows.ts';
import { monotonicReads } from '../../src/checkers/sessions/monotonic-reads.ts';
import { monotonicWrites } from '../../src/checkers/sessions/monotonic-writes.ts';
import { readYourWrites } from '../../src/checkers/sessions/read-your-writes.ts';
import { writesFollowReads } from '../../src/checkers/sessions/writes-follow-reads.ts';
import { recordStore } from '../bench/causal-store.ts';
import { columnsFrom, dice, judged, type Line, lines } from './recording.ts';

const guarantees: readonly Model[] = [readYourWrites, monotonicReads, monotonicWrites, writesFollowReads];

/** The names of the guarantees that a history breaks. */
const broken = (...texts: readonly string[]): readonly string[] =>
  guarantees.filter((model) => judged(model, lines(...texts)).valid === false).map(({ name }) => name);

const told = (model: Model, ...texts: readonly string[]): unknown => {
  const { valid, witness, reason } = judged(model, lines(...texts));
  return [valid, witness?.map((row) => row + 1), reason];
};

describe('each guarantee by itself', () => {
  it('is broken by its own example and by no other', () => {
    expect(broken('p w x 1', 'p r x nil')).toEqual(['read-your-writes']);
    expect(broken('q w x 1', 'p r x 1', 'p r x nil')).toEqual(['monotonic-reads']);
    expect(broken('p w x 1', 'p w y 2', 'q r y 2', 'q r x nil')).toEqual(['monotonic-writes']);
    expect(broken('q w x 1', 'p r x 1', 'p w y 2', 'r r y 2', 'r r x nil')).toEqual(['writes-follow-reads']);
  });

  it('lets two processes see concurrent writes in different orders', () => {
    expect(broken('p w x 1', 'q w x 2', 'r r x 1', 'r r x 2', 's r x 2', 's r x 1')).toEqual([]);
    // Not even real time makes one of them older.
    expect(broken('p w x 1', 'q w x 2', 'r r x 2', 'r r x 1')).toEqual([]);
    expect(broken('p w x 1', 'q w x 2', 'r r x 1', 'r r x 2', 'r r x 1')).toEqual(['monotonic-reads']);
  });

  it('knows the order of the writes of one process', () => {
    expect(broken('p w x 1', 'p w x 2', 'p r x 1')).toEqual(['read-your-writes']);
    expect(broken('p w x 1', 'p w x 2', 'q r x 2', 'q r x 1')).toEqual(['monotonic-reads', 'monotonic-writes']);
    expect(broken('p w x 1', 'q r x 1', 'q w x 2', 'r r x 2', 'r r x 1')).toEqual(['writes-follow-reads']);
    expect(broken('p w x 1', 'p w x 2', 'p w y 3', 'q r y 3', 'q r x 1')).toEqual(['monotonic-writes']);
    expect(broken('p w x 1', 'q w x 2', 'p r x 2', 'p w x 3', 'p r x 2')).toEqual([]);
  });

  it('follows reads over several processes', () => {
    const chain = ['q w x 1', 's r x 1', 's w x 3', 'p r x 3', 'p w y 2', 't r y 2', 't w z 4', 'r r z 4'];
    expect(broken(...chain, 'r r x 1')).toEqual(['writes-follow-reads']);
    expect(broken(...chain, 'r r x nil')).toEqual(['writes-follow-reads']);
    expect(broken(...chain, 'r r x 3')).toEqual([]);
    expect(broken('q r x 1', 'q w y 1', 'p r y 1', 'p w x 1')).toEqual(['writes-follow-reads']);
  });

  it('finds what a process had read itself behind what others wrote', () => {
    const round = ['q w x 1', 'i r x 1', 'i w y 2', 'j r y 2', 'j w z 3', 'i r z 3'];
    expect(broken(...round, 'i r x nil')).toEqual(['monotonic-reads', 'writes-follow-reads']);
    expect(broken(...round, 'i r x 1')).toEqual([]);
  });

  it('takes an unknown write for one that may come at any time', () => {
    expect(broken('p w x 1?', 'p w x 2', 'p w x 3', 'q r x 3', 'q r x 1', 'q r x 2')).toEqual(['monotonic-reads', 'monotonic-writes']);
    expect(broken('p w x 1?', 'q r x 1', 'p2 w x 2', 'q r x 2')).toEqual([]);
    expect(broken('p w x 1', 'p w x 2?', 'q r x 2', 'q r x 1')).toEqual(['monotonic-reads', 'monotonic-writes']);
    expect(broken('p w x 1?', 'p w x 2', 'q r x 2', 'q r x 1')).toEqual([]);
    expect(broken('p w x 1?', 'p r x nil')).toEqual([]);
    expect(broken('p w x 1!', 'p r x nil')).toEqual([]);
  });

  it('takes a compare-and-set for a read and a write', () => {
    expect(broken('p w x 1', 'q c x 1 2', 'r r x 2', 'r r x 1')).toEqual(['writes-follow-reads']);
    expect(broken('p w x 1', 'q w x 2', 'q c x 1 3')).toEqual([]);
    expect(broken('q w x 2', 'p w x 1', 'p w x 3', 'p c x 1 4')).toEqual(['read-your-writes']);
  });

  it('is broken by what nobody wrote, and by what its own process wrote only later', () => {
    const all = guarantees.map(({ name }) => name);
    expect(broken('p r x 1')).toEqual(all);
    expect(broken('p w x 1!', 'q r x 1')).toEqual(all);
    expect(broken('p r x 1', 'p w x 1')).toEqual(all);
    expect(broken('q r x 1', 'p w x 1')).toEqual([]);
  });

  it('tries every write of a value, and deletes beside the beginning', () => {
    expect(broken('p w x 1', 'q w x 2', 'q w x 1', 'r r x 2', 'r r x 1')).toEqual([]);
    expect(broken('p w x 1', 'p w x 2', 'p w x nil', 'r r x 2', 'r r x nil')).toEqual([]);
    expect(broken('p w x nil', 'p w x 2', 'r r x 2', 'r r x nil')).toEqual(['monotonic-reads', 'monotonic-writes']);
    expect(broken('p w x 1', 'q w x 1', 'r r x 1', 's w x 2', 'r r x 2', 'r r x 1', 'r r x 2', 'r r x 1')).toEqual(['monotonic-reads']);
  });
});

describe('a sentence about a violation', () => {
  it('names the operations of the witness', () => {
    expect(told(readYourWrites, 'p w x 1', 'q w y 7', 'p r x nil')).toEqual([
      false,
      [1, 3],
      '#3 read no value although its own process had written 1 in #1',
    ]);
    expect(told(monotonicReads, 'p w x 1', 'q w x 2', 'r r x 1', 'r r x 2', 'r r x 1')).toEqual([
      false,
      [1, 2, 3, 4, 5],
      '#5 read 1 again, as #3 had, although #4 had read 2 in between',
    ]);
    expect(told(monotonicWrites, 'p w x 1', 'p w x 2', 'p w y 3', 'q r y 3', 'q r x 1')).toEqual([
      false,
      [1, 2, 3, 4, 5],
      '#5 read 1 after #4 had read 3, before which the same process wrote #2',
    ]);
    expect(told(writesFollowReads, 'q w x 1', 'p r x 1', 'p w y 2', 's w z 9', 'r r y 2', 'r r x nil')).toEqual([
      false,
      [1, 2, 3, 5, 6],
      '#6 read no value after #5 had read 2, which was written after #2 had read the newer 1',
    ]);
    // What was read of other keys does not show that it is old.
    expect(told(writesFollowReads, 'q w x 1', 'p r x 1', 'p w x 2', 'p w y 3', 'i r y 3', 'i r x 2', 'i r x 1')).toEqual([
      false,
      [1, 2, 3, 6, 7],
      '#7 read 1 after #6 had read 2, which was written after #2 had read 1',
    ]);
    expect(told(monotonicReads, 'p w x 1', 'q r x 7')).toEqual([false, [2], '#2 read 7, which nobody had written']);
  });
});

/**
 * Reads and writes with distinct values by a few processes on a few keys; what is read is the newest value of the key in `fresh` of 8
 * cases.
 */
function drawn(next: (below: number) => number, operations: number, repeat: number, fresh: number): Line[] {
  const written = [0, 1, 2].map(() => [] as string[]);
  return Array.from({ length: operations }, (_, i): Line => {
    const key = next(3);
    const values = written[key] as string[];
    const write = next(2) === 0;
    const value = write
      ? String(repeat > 0 ? next(repeat) : i + 1)
      : (values[values.length - 1 - (next(8) < fresh ? 0 : next(Math.min(values.length, 4) + 1))] ?? null);
    const status = next(8) === 0 ? 'unknown' : next(12) === 0 && !write ? 'fail' : 'ok';
    if (write) values.push(value as string);
    return { process: `p${next(4)}`, effect: write ? 'write' : 'read', key: `k${key}`, value, status, call: 2 * i + 1, return: 2 * i + 2 };
  });
}

/** The guarantees by their definitions, where every read has one source; operations are numbered by call. */
class Naive {
  private readonly ops: readonly Line[];

  constructor(ops: readonly Line[]) {
    this.ops = ops;
  }

  source(read: number): number {
    const { key, value } = this.ops[read] as Line;
    return this.ops.findIndex((op) => op.effect === 'write' && op.key === key && op.value === value);
  }

  private so = (a: number, b: number): boolean => {
    const [one, other] = [this.ops[a], this.ops[b]];
    return a >= 0 && a < b && one?.process === other?.process && one?.status === 'ok';
  };

  private isRead(a: number): boolean {
    return this.ops[a]?.effect === 'read' && this.ops[a]?.status === 'ok';
  }

  private isWrite(a: number): boolean {
    return this.ops[a]?.effect === 'write' && this.ops[a]?.status !== 'fail';
  }

  private readonly all = (): number[] => [...this.ops.keys()];

  /** The transitive closure, as rows of reachable operations. */
  private closure(before: (a: number, b: number) => boolean): boolean[][] {
    const reach = this.all().map((a) => this.all().map((b) => before(a, b)));
    for (const m of this.all())
      for (const a of this.all()) if (reach[a]?.[m]) for (const b of this.all()) if (reach[m]?.[b]) (reach[a] as boolean[])[b] = true;
    return reach;
  }

  readYourWrites(): boolean {
    return this.all().every((r) => {
      if (!this.isRead(r)) return true;
      const s = this.source(r);
      return !this.all().some((w) => this.isWrite(w) && this.ops[w]?.key === this.ops[r]?.key && this.so(w, r) && (s < 0 || this.so(s, w)));
    });
  }

  /** Two versions force each other into a circle: of what a process read one after the other, and of what one process wrote. */
  monotonicReads(): boolean {
    const cells = new Map(this.all().map((op) => [`${this.ops[op]?.process} ${this.ops[op]?.key}`, op]));
    return [...cells.values()].every((last) => {
      const reads = this.all().filter(
        (r) => this.isRead(r) && this.ops[r]?.process === this.ops[last]?.process && this.ops[r]?.key === this.ops[last]?.key,
      );
      if (reads.some((r, i) => this.source(r) < 0 && reads.slice(0, i).some((earlier) => this.source(earlier) >= 0))) return false;
      const sources = reads.map((r) => this.source(r)).filter((s) => s >= 0);
      const reach = this.closure((a, b) => {
        if (a === b || this.ops[a]?.key !== this.ops[last]?.key || this.ops[b]?.key !== this.ops[a]?.key) return false;
        return (this.isWrite(a) && this.isWrite(b) && this.so(a, b)) || sources.some((s, i) => s === a && sources.indexOf(b, i) > i);
      });
      return sources.every((s) => reach[s]?.[s] !== true);
    });
  }

  monotonicWrites(): boolean {
    return this.dependent((a, b) => this.isWrite(a) && this.isWrite(b) && this.so(a, b));
  }

  writesFollowReads(): boolean {
    return this.dependent((a, b) => this.isWrite(b) && this.all().some((r) => this.isRead(r) && this.source(r) === a && this.so(r, b)));
  }

  private dependent(direct: (a: number, b: number) => boolean): boolean {
    const before = this.closure(direct);
    if (this.all().some((w) => before[w]?.[w])) return false;
    const on = (w: number, r: number): boolean => this.isWrite(w) && this.ops[w]?.key === this.ops[r]?.key;
    return this.all().every((r) => {
      if (!this.isRead(r)) return true;
      const u = this.source(r);
      const earlier = this.all().filter((e) => this.isRead(e) && this.so(e, r) && this.source(e) >= 0);
      return !earlier.some((e) => {
        const v = this.source(e);
        if (u >= 0 && on(v, r) && before[u]?.[v]) return true;
        return this.all().some((w) => on(w, r) && before[w]?.[v] && (u < 0 || before[u]?.[w]));
      });
    });
  }
}

describe('long histories', () => {
  it('get the verdict of the definition, and a witness that does', () => {
    const verdicts = new Map<string, number>();
    const next = dice(7);
    for (let i = 0; i < 220; i++) {
      // The last ones are long and stale, so that reads are followed over many steps.
      const history = i < 120 ? drawn(next, 12 + next(18), 0, 1 + (i % 7)) : drawn(next, 36, 0, 3);
      const columns = columnsFrom(history);
      const naive = new Naive(history);
      for (const [model, expected] of [
        [readYourWrites, naive.readYourWrites()],
        [monotonicReads, naive.monotonicReads()],
        [monotonicWrites, naive.monotonicWrites()],
        [writesFollowReads, naive.writesFollowReads()],
      ] as const) {
        const { valid, witness } = judged(model, columns, { type: 'register' });
        expect([model.name, valid]).toEqual([model.name, expected]);
        verdicts.set(`${model.name} ${valid}`, (verdicts.get(`${model.name} ${valid}`) ?? 0) + 1);
        if (witness !== undefined) expect(judged(model, pick(columns, witness), { type: 'register' }).valid).toBe(false);
      }
    }
    expect(verdicts.size).toBe(8);
    expect(Math.min(...verdicts.values())).toBeGreaterThan(12);
  });

  it('with repeated values are judged within the budget, or left open', () => {
    const verdicts = new Set<unknown>();
    const next = dice(3);
    for (let i = 0; i < 40; i++) {
      const columns = columnsFrom(drawn(next, 30, 6, 1 + (i % 7)));
      for (const model of guarantees) {
        const { valid, witness } = judged(model, columns, { type: 'register' });
        verdicts.add(`${model.name} ${valid}`);
        if (witness !== undefined) expect(judged(model, pick(columns, witness), { type: 'register' }).valid).toBe(false);
        // With next to no steps it may give up, and never says the opposite.
        const hasty = judged(model, columns, { type: 'register', steps: 1 }).valid;
        expect([valid, 'undecided']).toContain(hasty);
        verdicts.add(hasty);
      }
    }
    expect(verdicts).toContain('undecided');
    for (const { name } of guarantees) expect(verdicts).toContain(`${name} false`);
  });

  it('with the same few values again and again are found valid where everything comes late', () => {
    const { count, process, key, write, value } = recordStore(4000, 8, 10, 3000, 1);
    const all = Array.from({ length: count }, (_, i) => {
      const what = value[i] === 0 ? 'nil' : `${(value[i] as number) % 4}`;
      return `p${process[i]} ${write[i] === 1 ? 'w' : 'r'} k${key[i]} ${what}`;
    });
    for (const model of guarantees) expect(judged(model, lines(...all), { type: 'register', steps: 400_000 }).valid).toBe(true);
  });

  it('let whoever watches have a turn', () => {
    const columns = columnsFrom(drawn(dice(1), 40, 0, 8));
    for (const model of guarantees) {
      const judging = model.judge({ columns, types: [] }, { steps: 1000 });
      expect(judging.next().done).toBe(false);
      expect(finish(judging).valid).not.toBe('undecided');
    }
  });
});

it('texts that were appended to are left out, and the other keys judged', () => {
  const appended = 'p + y 1';
  expect(judged(readYourWrites, lines('p w x 1', appended, 'p r x nil'), { type: 'kv' })).toMatchObject({ valid: false, witness: [0, 2] });
  expect(judged(readYourWrites, lines('p w x 1', appended, 'p r x 1'), { type: 'kv' })).toMatchObject({ valid: 'undecided' });
  expect(judged(readYourWrites, lines('p w x 1', 'p r x 1'), { type: 'kv' })).toMatchObject({ valid: true });
});
