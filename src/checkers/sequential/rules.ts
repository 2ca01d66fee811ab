import { APPEND, CAS, READ } from '../../history/columns.ts';
import { NOTHING } from '../../history/texts.ts';
import type { Graph } from './graph.ts';
import type { Own, Story } from './story.ts';

/** A read of what nobody wrote. */
export interface Impossible {
  readonly ops: readonly number[];
}

/** The reads of a register whose source is clear. */
interface Reads {
  /** Reads with the only write of their value, -1 for the beginning. */
  readonly read: Int32Array;
  readonly source: Int32Array;
  /** For each process its writes and, in the same form, where they stand in the process. */
  readonly writes: ReadonlyMap<number, Int32Array>;
}

/**
 * What a read forces upon writes where its value was written once (Gibbons & Korach 1997, section 3; the same saturation as for causal memory): a write that comes before a read of
 * another write's value comes before that write; what comes after the write that was read from comes after the read. Applied again and again until nothing new follows.
 */
export class RegisterRules {
  private readonly graph: Graph;
  private readonly story: Story;
  private readonly registers: readonly Reads[];

  constructor(graph: Graph, registers: readonly Reads[]) {
    this.graph = graph;
    this.story = graph.story;
    this.registers = registers;
  }

  /** One round over closed clocks: whether anything new follows. */
  round(): boolean {
    const before = this.graph.size;
    for (const register of this.registers) {
      for (let n = 0; n < register.read.length; n++) this.apply(register, register.read[n] as number, register.source[n] as number);
    }
    return this.graph.size > before;
  }

  private apply({ writes }: Reads, read: number, source: number): void {
    const { graph, story } = this;
    const width = story.chains.length;
    for (const [process, own] of writes) {
      const past = lastBelow(own, story.place, graph.clocks[read * width + process] as number);
      let last = past < 0 ? -1 : (own[past] as number);
      // A compare-and-set reads before it writes.
      if (last === read) last = past === 0 ? -1 : (own[past - 1] as number);
      if (last >= 0 && last !== source) {
        // Nothing comes before the beginning: a cycle says so.
        if (source < 0) graph.add(read, last);
        else if (!graph.reaches(last, source)) graph.add(last, source, last, read);
      }
      if (source < 0) continue;
      const next = this.firstAfter(own, source, read);
      if (next >= 0 && !graph.reaches(read, next)) graph.add(read, next, source, next);
    }
  }

  /** The first write of a process that comes after the source, which is neither it nor the read. */
  private firstAfter(own: Int32Array, source: number, read: number): number {
    if (this.story.certain[source] === 0) return -1;
    let lo = 0;
    let hi = own.length;
    while (lo < hi) {
      const middle = (lo + hi) >> 1;
      if (this.graph.reaches(source, own[middle] as number)) hi = middle;
      else lo = middle + 1;
    }
    while (own[lo] === source || own[lo] === read) lo++;
    return own[lo] ?? -1;
  }
}

/** The last of some operations of one process that stands before a place, or -1. */
function lastBelow(own: Int32Array, place: Int32Array, limit: number): number {
  let lo = 0;
  let hi = own.length;
  while (lo < hi) {
    const middle = (lo + hi) >> 1;
    if ((place[own[middle] as number] as number) < limit) lo = middle + 1;
    else hi = middle;
  }
  return lo - 1;
}

/** More than one operation wrote a value. */
const SEVERAL = -2;

/** Finds the sources of an object's reads, as far as they are clear, and says so to the graph; undefined where texts grow. */
export function readsOf(graph: Graph, { deeds, ops }: Own): Reads | Impossible | undefined {
  const { story } = graph;
  const { count, effect, value, expected, unequal } = deeds;
  if (effect.includes(APPEND)) return undefined;
  // At the beginning there is nothing, as if somebody had deleted it before all.
  const writer = new Map<number, number>([[NOTHING, -1]]);
  const byProcess = new Map<number, number[]>();
  for (let n = 0; n < count; n++) {
    if (effect[n] === READ || unequal[n] === 1) continue;
    const i = ops[n] as number;
    const code = value[n] as number;
    writer.set(code, writer.has(code) ? SEVERAL : i);
    if (story.certain[i] === 0) continue;
    const process = story.process[i] as number;
    const own = byProcess.get(process);
    if (own === undefined) byProcess.set(process, [i]);
    else own.push(i);
  }
  const reads: number[] = [];
  const source: number[] = [];
  for (let n = 0; n < count; n++) {
    const i = ops[n] as number;
    const reading = effect[n] === READ || (effect[n] === CAS && unequal[n] === 0);
    if (!reading || story.certain[i] === 0) continue;
    const write = writer.get(effect[n] === READ ? (value[n] as number) : (expected[n] as number));
    if (write === undefined || write === i) return { ops: [i] };
    if (write === SEVERAL) continue;
    reads.push(i);
    source.push(write);
    if (write >= 0) graph.add(write, i);
    else for (const own of byProcess.values()) beginning(graph, i, own);
  }
  const writes = new Map([...byProcess].map(([process, own]) => [process, Int32Array.from(own)]));
  return { read: Int32Array.from(reads), source: Int32Array.from(source), writes };
}

/** What finds nothing comes before the first write of every process. */
function beginning(graph: Graph, read: number, own: readonly number[]): void {
  const first = own[0] === read ? own[1] : own[0];
  if (first !== undefined) graph.add(read, first);
}
