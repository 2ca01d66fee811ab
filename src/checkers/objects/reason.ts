import { clip } from '../../core/units.ts';
import { ACQUIRE, ADD, APPEND, type Columns, DEQUEUE, ENQUEUE, OK, READ, RELEASE, REMOVE, UNKNOWN } from '../../history/columns.ts';
import { NOTHING } from '../../history/texts.ts';
import { numberIn } from './counters.ts';
import type { ObjectName } from './decide.ts';
import { outranks } from './locks.ts';

/** One operation of a counterexample. */
interface Said {
  readonly id: string;
  readonly effect: number;
  readonly code: number;
  readonly process: number;
  readonly call: number;
  /** `Infinity` for those of unknown outcome. */
  readonly ret: number;
  /** What a read found, in order. */
  readonly elements: readonly number[];
}

/** So many operations are named. */
const NAMED = 8;

/** One sentence for people about operations that no order of them explains; `#n` names the operation of id n. */
export function reasonFor(columns: Columns, witness: readonly number[], type: ObjectName): string {
  const told = new Telling(columns, witness);
  const found = {
    counter: () => told.counter(),
    set: () => told.set(),
    list: () => told.list(),
    queue: () => told.queue(),
    lock: () => told.lock(),
  }[type]();
  return found ?? `no order of ${idsOf(columns, witness)} fits both what they returned and when they ran`;
}

/** `#1, #2 and #3`; of many the first. */
export function idsOf({ id }: Columns, rows: readonly number[]): string {
  const ids = rows.slice(0, NAMED).map((row) => `#${id[row]}`);
  if (rows.length > NAMED) return `${ids.join(', ')} and ${rows.length - NAMED} more`;
  return ids.length < 2 ? ids.join('') : `${ids.slice(0, -1).join(', ')} and ${ids.at(-1)}`;
}

class Telling {
  private readonly columns: Columns;
  private readonly all: readonly Said[];

  constructor(columns: Columns, witness: readonly number[]) {
    this.columns = columns;
    const { texts, value, status } = columns;
    this.all = witness.map((row) => ({
      id: `#${columns.id[row]}`,
      effect: columns.effect[row] as number,
      code: value[row] as number,
      process: columns.process[row] as number,
      call: columns.call[row] as number,
      ret: status[row] === UNKNOWN ? Number.POSITIVE_INFINITY : (columns.ret[row] as number),
      elements: status[row] === OK ? Array.from(texts.elements(value[row] as number) ?? []) : [],
    }));
  }

  private of(effect: number): readonly Said[] {
    return this.all.filter((op) => op.effect === effect);
  }

  private say(code: number): string {
    return clip(this.columns.texts.text(code) ?? 'nothing', 24);
  }

  private number(op: Said): number {
    const text = this.columns.texts.text(op.code);
    return text === null ? 0 : numberIn(text);
  }

  counter(): string | undefined {
    const reads = this.of(READ);
    const adds = this.of(ADD);
    const [first, second] = reads;
    if (first !== undefined && second !== undefined && adds.length === 0) {
      const [early, late] = first.ret < second.call ? [first, second] : [second, first];
      const less = this.number(late) < this.number(early);
      return `${late.id} read ${this.say(late.code)} after ${early.id} had read ${this.say(early.code)}, and nothing ${less ? 'lowers' : 'raises'} the counter`;
    }
    if (first === undefined || second !== undefined) return undefined;
    const sum = (some: readonly Said[]): number => some.reduce((total, op) => total + this.number(op), 0);
    const before = adds.filter((op) => op.ret < first.call);
    const during = adds.filter((op) => op.ret > first.call && op.call < first.ret);
    const least = sum(before) + sum(during.filter((op) => this.number(op) < 0));
    const most = sum(before) + sum(during.filter((op) => this.number(op) > 0));
    const found = this.number(first);
    if (found < least) return `${first.id} read ${this.say(first.code)}, but what had been added before it began makes at least ${least}`;
    return found <= most ? undefined : `${first.id} read ${this.say(first.code)}, but all that was added by then makes at most ${most}`;
  }

  set(): string | undefined {
    const adds = this.of(ADD);
    for (const read of this.of(READ)) {
      const strange = this.strangeIn(read, adds, 'added', 'add');
      if (strange !== undefined && (adds.length > 0 || this.all.length === 1)) return strange;
    }
    return this.of(REMOVE).length > 0 ? undefined : (this.missing(adds, 'a set', 'added', 'add') ?? this.apart());
  }

  list(): string | undefined {
    const appends = this.of(APPEND);
    const reads = this.of(READ);
    if (this.all.length === 1 && reads[0] !== undefined) return this.strangeIn(reads[0], appends, 'appended', 'append');
    const lost = this.missing(appends, 'a list', 'appended', 'append');
    if (lost !== undefined) return lost;
    for (const read of reads) {
      for (const [a, b] of pairs(appends)) {
        const [at, behind] = [read.elements.indexOf(a.code), read.elements.indexOf(b.code)];
        if (a.ret < b.call && behind >= 0 && at > behind)
          return `${read.id} read ${this.say(b.code)} before ${this.say(a.code)}, although ${a.id} had appended ${this.say(a.code)} before ${b.id} began to append ${this.say(b.code)}`;
      }
      const early = appends.find((op) => op.call > read.ret && read.elements.includes(op.code));
      if (early !== undefined) return `${read.id} read ${this.say(early.code)} before ${early.id} began to append it`;
    }
    const [a, b] = reads;
    if (a === undefined || b === undefined || appends.length > 0) return undefined;
    const [longer, shorter] = a.elements.length >= b.elements.length ? [a, b] : [b, a];
    if (shorter.elements.some((code, at) => code !== longer.elements[at]))
      return `${a.id} and ${b.id} read lists of which neither is the beginning of the other`;
    return `${shorter.id} read a list of ${shorter.elements.length} after ${longer.id} had read one of ${longer.elements.length}`;
  }

  /** An element of a read that was never there, or is there too often. */
  private strangeIn(read: Said, adds: readonly Said[], added: string, add: string): string | undefined {
    const twice = read.elements.find((code, at) => read.elements.indexOf(code) < at);
    if (twice !== undefined && adds.filter((op) => op.code === twice).length < 2) return `${read.id} read ${this.say(twice)} twice`;
    const early = adds.find(
      (op) => read.elements.includes(op.code) && adds.every((other) => other.code !== op.code || other.call > read.ret),
    );
    if (early !== undefined) return `${read.id} read ${this.say(early.code)} before ${early.id} began to ${add} it`;
    const thin = read.elements.find((code) => adds.every((op) => op.code !== code));
    return thin === undefined || adds.length > 0 ? undefined : `${read.id} read ${this.say(thin)}, which nobody had ${added}`;
  }

  /** Something that was there before a read began, or before something that it found was added, and which it did not find. */
  private missing(adds: readonly Said[], what: string, added: string, add: string): string | undefined {
    for (const read of this.of(READ)) {
      const lost = adds.find((op) => op.ret < read.call && !read.elements.includes(op.code));
      if (lost !== undefined)
        return `${read.id} read ${what} without ${this.say(lost.code)}, which ${lost.id} had ${added} before ${read.id} began`;
      for (const [a, b] of pairs(adds)) {
        if (a.ret < b.call && !read.elements.includes(a.code) && read.elements.includes(b.code))
          return `${read.id} read ${this.say(b.code)} and not ${this.say(a.code)}, although ${a.id} had ${added} ${this.say(a.code)} before ${b.id} began to ${add} ${this.say(b.code)}`;
      }
    }
    return undefined;
  }

  /** Two reads of a set that only grows. */
  private apart(): string | undefined {
    const [a, b] = this.of(READ);
    if (a === undefined || b === undefined) return undefined;
    const onlyA = a.elements.find((code) => !b.elements.includes(code));
    const onlyB = b.elements.find((code) => !a.elements.includes(code));
    if (onlyA !== undefined && onlyB !== undefined)
      return `${a.id} read ${this.say(onlyA)} and not ${this.say(onlyB)}, ${b.id} read ${this.say(onlyB)} and not ${this.say(onlyA)}, and nothing is removed`;
    const [more, less, code] = onlyA === undefined ? [b, a, onlyB] : [a, b, onlyA];
    if (code === undefined || more.ret > less.call) return undefined;
    return `${less.id} read a set without ${this.say(code)} after ${more.id} had read it with ${this.say(code)}, and nothing is removed`;
  }

  queue(): string | undefined {
    const brought = this.of(ENQUEUE);
    const taken = this.of(DEQUEUE).filter((op) => op.ret !== Number.POSITIVE_INFINITY);
    for (const op of taken.filter(({ code }) => code !== NOTHING)) {
      const sources = brought.filter(({ code }) => code === op.code);
      if (sources.length === 0) return `${op.id} took ${this.say(op.code)}, which nobody had enqueued`;
      if (sources.every(({ call }) => call > op.ret))
        return `${op.id} took ${this.say(op.code)} before ${sources[0]?.id} began to enqueue it`;
      const others = taken.filter((other) => other !== op && other.code === op.code);
      if (others.length >= sources.length)
        return `${op.id} and ${others[0]?.id} both took ${this.say(op.code)}, which was enqueued ${sources.length === 1 ? 'once' : `${sources.length} times`}`;
    }
    const nothing = taken.find(({ code }) => code === NOTHING);
    const inside = brought.find(
      (op) => nothing !== undefined && op.ret < nothing.call && taken.every((by) => by.code !== op.code || by.call > nothing.ret),
    );
    if (nothing !== undefined && inside !== undefined)
      return `${nothing.id} found nothing although ${this.say(inside.code)}, which ${inside.id} had enqueued, was there all the time`;
    if (this.of(DEQUEUE).length > taken.length || nothing !== undefined) return undefined;
    for (const [a, b] of pairs(brought)) {
      if (a.ret > b.call || a.code === b.code) continue;
      const [byA, byB] = [taken.find(({ code }) => code === a.code), taken.find(({ code }) => code === b.code)];
      if (byB !== undefined && (byA === undefined || byB.ret < byA.call))
        return `${byB.id} took ${this.say(b.code)} although ${this.say(a.code)}, which ${a.id} had enqueued before ${b.id} began to enqueue ${this.say(b.code)}, was still there`;
    }
    return undefined;
  }

  lock(): string | undefined {
    const got = this.of(ACQUIRE);
    const freed = this.of(RELEASE);
    const [first, second] = got;
    const stray = freed.find(
      (op) => freed.filter(({ process }) => process === op.process).length > got.filter(({ process }) => process === op.process).length,
    );
    if (stray !== undefined)
      return `${freed.filter(({ process }) => process === stray.process).at(-1)?.id} released a lock that its process did not hold`;
    if (first !== undefined && second === undefined) {
      const [release] = freed;
      return release === undefined || release.code === first.code
        ? undefined
        : `${release.id} released with token ${this.say(release.code)} what ${first.id} had acquired with token ${this.say(first.code)}`;
    }
    if (first === undefined || second === undefined || got.length > 2) return undefined;
    const { texts } = this.columns;
    const end = freed.find(({ process }) => process === first.process);
    if (
      second.ret < (end?.call ?? Number.POSITIVE_INFINITY) &&
      first.ret < (freed.find((op) => op.process === second.process)?.call ?? Number.POSITIVE_INFINITY) &&
      (end !== undefined || first.ret < second.ret)
    )
      return `${second.id} acquired the lock while ${first.id} held it`;
    if (!outranks(texts, second.code, first.code) || !outranks(texts, first.code, second.code))
      return `${first.id} and ${second.id} acquired the lock with tokens ${this.say(first.code)} and ${this.say(second.code)}, which do not grow`;
    return undefined;
  }
}

function pairs(some: readonly Said[]): readonly (readonly [Said, Said])[] {
  // Of a large counterexample a sentence about two would say little.
  if (some.length > 64) return [];
  return some.flatMap((a) => some.flatMap((b) => (a === b ? [] : [[a, b] as const])));
}
