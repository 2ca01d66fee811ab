import { ADD, READ, REMOVE } from '../../history/columns.ts';
import { byBlocks, byNumber, FROM, withReader } from './blocks.ts';
import { type Answer, type Deeds, type Part, wrong } from './part.ts';

const EMPTY = new Int32Array(0);

/** The elements that a read of a set found. */
export function found({ texts, value }: Deeds, i: number): Int32Array {
  return texts.elements(value[i] as number) ?? EMPTY;
}

/** Codes as numbers from 0, in the order in which they come; by hashing in one array, as a read may have many. */
export class Elements {
  size = 0;
  private codes = new Int32Array(64);
  /** Numbers + 1. */
  private table = new Int32Array(128);

  of(code: number): number {
    const mask = this.table.length - 1;
    let at = spread(code) & mask;
    for (let known = this.table[at] as number; known !== 0; known = this.table[at] as number) {
      if (this.codes[known - 1] === code) return known - 1;
      at = (at + 1) & mask;
    }
    if (this.size === this.codes.length) {
      const codes = new Int32Array(this.size * 2);
      codes.set(this.codes);
      this.codes = codes;
      this.table = new Int32Array(this.size * 4);
      for (let n = 0; n < this.size; n++) this.table[this.free(codes[n] as number)] = n + 1;
      at = this.free(code);
    }
    this.codes[this.size] = code;
    this.table[at] = ++this.size;
    return this.size - 1;
  }

  private free(code: number): number {
    const mask = this.table.length - 1;
    let at = spread(code) & mask;
    while (this.table[at] !== 0) at = (at + 1) & mask;
    return at;
  }
}

function spread(code: number): number {
  const h = Math.imul(code, 0x9e3779b1);
  return (h ^ (h >>> 15)) >>> 0;
}

/**
 * Sets, as far as no search is needed: a read with an element twice, or with one that nobody added before the read ended, is wrong in any order; and sets from which
 * nothing is removed are judged in time linear in the history. Undefined for what is left.
 */
export function judgeSets(part: Part, wanted: boolean): Answer | undefined {
  const { count, effect, value, call, ret } = part;
  const elements = new Elements();
  // For each element the addition that was called first.
  const first: number[] = [];
  let removes = false;
  for (let i = 0; i < count; i++) {
    if (effect[i] === REMOVE) removes = true;
    if (effect[i] === ADD) first[elements.of(value[i] as number)] ??= i;
  }
  const seen = new Int32Array(elements.size).fill(-1);
  for (let i = 0; i < count; i++) {
    if (effect[i] !== READ) continue;
    for (const code of found(part, i)) {
      const element = elements.of(code);
      const add = first[element];
      if (add === undefined || seen[element] === i) return wrong(i);
      if ((call[add] as number) > (ret[i] as number)) return wrong(add, i);
      seen[element] = i;
    }
  }
  return removes ? undefined : growing(part, elements, first, wanted);
}

/** What the reads of a set to which elements are only added say. */
export interface Levels {
  /** For each operation its block: reads of level n in 2n, additions that level n shows first in 2n - 1, what nobody saw behind all. */
  readonly block: Int32Array;
  /** For each element the first level that shows it, or 0. */
  readonly level: Int32Array;
}

/**
 * The reads of a set to which elements are only added must contain each other by size: they have levels, from 1 (the empty one has 0), and between two of them come the
 * additions of what the second has more. Or two reads of which none contains the other.
 */
export function levelsOf(deeds: Deeds, elements: Elements): Levels | { readonly apart: readonly [number, number] } {
  const { count, effect, value } = deeds;
  const size = Int32Array.from({ length: count }, (_, i) => found(deeds, i).length);
  const level = new Int32Array(elements.size);
  const block = new Int32Array(count);
  let levels = 0;
  let before = -1;
  for (const i of byNumber(size)) {
    if (effect[i] !== READ) continue;
    const least = before < 0 ? 0 : (size[before] as number);
    if (size[i] !== least) levels++;
    let old = 0;
    for (const code of found(deeds, i)) {
      const element = elements.of(code);
      if (level[element] === 0) level[element] = levels;
      else old++;
    }
    // All of the smaller one must be in it; of one that is as big, all.
    if (old !== least) return { apart: [before, i] };
    block[i] = 2 * levels;
    before = i;
  }
  for (let i = 0; i < count; i++) {
    if (effect[i] === READ) continue;
    const seen = level[elements.of(value[i] as number)] as number;
    block[i] = seen === 0 ? 2 * levels + 1 : 2 * seen - 1;
  }
  return { block, level };
}

/**
 * A set to which elements are only added. Its operations have one order of blocks. Of several additions of an element the one called first is taken for the one that
 * counted, as no other can bind less; the others only must not come before it.
 */
function growing(part: Part, elements: Elements, first: readonly number[], wanted: boolean): Answer {
  const levels = levelsOf(part, elements);
  if ('apart' in levels) return wrong(...levels.apart);
  const { block, level } = levels;
  const how = new Uint8Array(part.count);
  for (let i = 0; i < part.count; i++) {
    if (part.effect[i] === READ) continue;
    const element = elements.of(part.value[i] as number);
    const seen = level[element] as number;
    if (seen > 0 && first[element] !== i) how[i] = FROM;
  }
  const answer = byBlocks(part, block, how, wanted);
  return answer.valid === false ? { valid: false, proof: withReader(part, block, answer.proof ?? []) } : answer;
}
