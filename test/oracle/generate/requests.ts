import { ACQUIRE, ADD, APPEND, CAS, DEQUEUE, ENQUEUE, GENERATE, READ, RELEASE, REMOVE, TXN, WRITE } from '../../../src/history/columns.ts';
import type { Micro, Value } from '../history.ts';
import type { Random } from '../random.ts';
import type { Request } from './machine.ts';

const APART = 5_000_011;

/** Draws what processes ask for. */
export class Requests {
  private readonly type: string;
  private readonly random: Random;
  private readonly keys: number;
  private readonly appends: boolean;
  private readonly reads: number;
  private readonly values: readonly string[] | undefined;
  private readonly held = new Set<number>();
  private readonly removes: number;
  /** The last number of a value, for all keys together or for each. */
  private readonly last: number[];
  private readonly perKey: boolean;

  constructor(type: string, random: Random, keys: number, appends: boolean) {
    this.appends = appends;
    this.type = type;
    this.random = random;
    this.keys = keys;
    this.reads = random.pick([30, 50, 50, 65]);
    this.removes = random.pick([0, 0, 10, 30]);
    this.perKey = this.reads === 65;
    this.last = new Array<number>(keys).fill(0);
    // Half of the histories write each value once, the others draw from a few.
    this.values =
      type === 'ids' || random.chance(type === 'rw-register' || type === 'list-append' ? 75 : 50) ? undefined : random.pick(pools(type));
  }

  /** `looks`: it asks for what is there, where the type has an operation for that. */
  draw(process: number, looks = false): Request {
    const { random, type } = this;
    const key = random.below(this.keys);
    const base = { process, key, value: null, expected: null, micro: [] };
    if (type === 'queue')
      return looks || this.chance() ? { ...base, effect: DEQUEUE } : { ...base, effect: ENQUEUE, value: this.value(key) };
    if (type === 'ids') return { ...base, effect: GENERATE, value: this.value(0) };
    if (type === 'lock') return { ...base, effect: this.lockEffect(process, key) };
    if (type === 'list-append' || type === 'rw-register') return { ...base, effect: TXN, micro: this.transaction(looks) };
    if (looks || this.chance()) return { ...base, effect: READ };
    return { ...base, ...this.update(key) };
  }

  private chance(): boolean {
    return this.random.chance(this.reads);
  }

  private update(key: number): { readonly effect: number; readonly value: Value; readonly expected: Value } {
    const { type, random } = this;
    const removed = random.chance(this.removes);
    switch (type) {
      case 'counter':
        return { effect: ADD, value: random.pick(['0', '1', '1', '2', '3', '-1']), expected: null };
      case 'set':
        return removed
          ? { effect: REMOVE, value: this.known(key), expected: null }
          : { effect: ADD, value: this.value(key), expected: null };
      case 'list':
        return { effect: APPEND, value: this.value(key), expected: null };
      case 'register':
        return { effect: WRITE, value: removed ? null : this.value(key), expected: null };
    }
    const effect = random.pick(type === 'kv' && this.appends ? [WRITE, APPEND, APPEND, CAS] : [WRITE, WRITE, CAS]);
    const empty = type === 'kv' ? '' : null;
    const value = removed && effect === WRITE ? empty : this.value(key);
    return { effect, value, expected: effect === CAS ? (random.chance(15) ? empty : this.known(key)) : null };
  }

  /** A value to write. */
  private value(key: number): string {
    if (this.values !== undefined) return this.random.pick(this.values);
    const counter = this.perKey ? key : 0;
    const n = (this.last[counter] as number) + 1;
    this.last[counter] = n;
    return this.name(n);
  }

  /** A value that somebody has written, mostly. */
  known(key: number): string {
    if (this.values !== undefined) return this.random.pick(this.values);
    const last = this.last[this.perKey ? key : 0] as number;
    return this.name(this.random.range(Math.min(1, last), last + (this.random.chance(10) ? 1 : 0)));
  }

  /** Values are near each other, far apart, or numbers and texts: what was written is looked up in other ways then. */
  private name(n: number): string {
    if (this.type === 'kv') return `x${n}y`;
    if (this.removes === 10) return String(n * APART);
    return this.removes === 30 && n % 2 === 0 ? `v${n}` : String(n);
  }

  private lockEffect(process: number, key: number): number {
    const slot = process * 8 + key;
    // Mostly those release who have acquired.
    const holds = this.held.has(slot);
    const release = holds ? this.random.chance(85) : this.random.chance(5);
    if (release) this.held.delete(slot);
    else this.held.add(slot);
    return release ? RELEASE : ACQUIRE;
  }

  private transaction(looks: boolean): readonly Micro[] {
    const { random, type } = this;
    const size = random.pick([1, 1, 2, 2, 2, 3, 4]);
    return Array.from({ length: size }, () => {
      const key = random.below(this.keys);
      if (looks || this.chance()) return { f: READ, key, value: null };
      return { f: type === 'list-append' ? APPEND : WRITE, key, value: this.value(key) };
    });
  }
}

function pools(type: string): readonly (readonly string[])[] {
  if (type === 'kv')
    return [
      ['a', 'b'],
      ['a', 'ab', 'b'],
      ['x1y', 'x2y'],
    ];
  return [
    ['1', '2'],
    ['1', '2', '3'],
  ];
}
