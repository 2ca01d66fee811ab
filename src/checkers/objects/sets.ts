import { ADD, NEVER, READ, REMOVE } from '../../history/columns.ts';
import { byBlocks, byNumber, FROM, OUT, withReader } from './blocks.ts';
import { type Answer, type Part, wrong } from './part.ts';

const EMPTY = new Int32Array(0);

/** The elements that a read of a set found. */
export function found({ texts, value }: Part, i: number): Int32Array {
  return texts.elements(value[i] as number) ?? EMPTY;
}

/** Elements as numbers from 0. */
export class Elements {
  private readonly numbers = new Map<number, number>();

  get size(): number {
    return this.numbers.size;
  }

  of(code: number): number {
    const known = this.numbers.get(code);
    if (known !== undefined) return known;
    this.numbers.set(code, this.numbers.size);
    return this.numbers.size - 1;
  }
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

/**
 * A set to which elements are only added: its reads, by size, must contain each other, and between two of them come the additions of what the second has more. That is
 * one order of blocks. Of several additions of an element the one called first is taken for the one that counted, as no other can bind less; the others only must not
 * come before it.
 */
function growing(part: Part, elements: Elements, first: readonly number[], wanted: boolean): Answer {
  const { count, effect, value } = part;
  const size = new Int32Array(count);
  for (let i = 0; i < count; i++) if (effect[i] === READ) size[i] = found(part, i).length;
  // For each element the read in which it is seen first, as the number of a level, from 1; 0 is none.
  const level = new Int32Array(elements.size);
  const block = new Int32Array(count);
  let levels = 0;
  let before = -1;
  for (const i of byNumber(size)) {
    if (effect[i] !== READ) continue;
    const bigger = size[i] !== (before < 0 ? 0 : size[before]);
    if (bigger) levels++;
    let old = 0;
    for (const code of found(part, i)) {
      const element = elements.of(code);
      if (level[element] === 0) {
        if (!bigger) return wrong(before, i);
        level[element] = levels;
      } else if (level[element] !== levels || !bigger) old++;
    }
    if (bigger ? old !== (before < 0 ? 0 : size[before]) : old !== size[i]) return wrong(before, i);
    block[i] = 2 * levels;
    before = i;
  }
  const how = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    if (effect[i] === READ) continue;
    const element = elements.of(value[i] as number);
    const seen = level[element] as number;
    block[i] = seen === 0 ? 2 * levels + 1 : 2 * seen - 1;
    if (seen > 0 && first[element] !== i) how[i] = FROM;
    if (part.ret[i] === NEVER && (seen === 0 || how[i] === FROM)) how[i] = OUT;
  }
  const answer = byBlocks(part, block, how, wanted);
  return answer.valid === false ? { valid: false, proof: withReader(part, block, answer.proof ?? []) } : answer;
}
