import { READ } from '../../history/columns.ts';
import { byBlocks, withReader } from './blocks.ts';
import { type Growth, judgeGrowing } from './growing.ts';
import { type Answer, type Deeds, type Part, VALID, wrong } from './part.ts';
import { Elements } from './sets.ts';

const EMPTY = new Int32Array(0);

/** What the reads of a list say of its operations, and the longest of them; or two reads of which none is the beginning of the other. Undefined where nobody read. */
export function growthOf(
  deeds: Deeds,
): { readonly growth: Growth; readonly longest: number } | { readonly apart: readonly [number, number] } | undefined {
  const { count, effect, value, texts } = deeds;
  const elements = (i: number): Int32Array => texts.elements(value[i] as number) ?? EMPTY;
  let longest = -1;
  for (let i = 0; i < count; i++) {
    if (effect[i] === READ && (longest < 0 || elements(i).length > elements(longest).length)) longest = i;
  }
  if (longest < 0) return undefined;
  const whole = elements(longest);
  const known = new Set<number>();
  const numbers = new Elements();
  const length = new Int32Array(count).fill(-1);
  const letter = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    if (effect[i] === READ) {
      const seen = elements(i);
      if (!known.has(value[i] as number) && !begins(seen, whole)) return { apart: [longest, i] };
      known.add(value[i] as number);
      length[i] = seen.length;
    } else letter[i] = numbers.of(value[i] as number);
  }
  const word = whole.map((code) => numbers.of(code));
  return { growth: { length, letter, word, letters: numbers.size }, longest };
}

/**
 * Lists that are appended to and read whole. Every read must be a beginning of the longest one, which thereby fixes the order of all appends that anybody saw; what is
 * left is `growing.ts`. Exact for every list, in time linear in the history.
 */
export function judgeLists(part: Part, wanted: boolean): Answer {
  const found = growthOf(part);
  // What nobody looked at may have happened in order of call.
  if (found === undefined) return wanted ? { valid: true, order: Array.from(part.ret.keys()) } : VALID;
  if ('apart' in found) return wrong(...found.apart);
  const { growth, longest } = found;
  const answer = judgeGrowing(part, growth, wanted);
  if (answer.valid !== false) return answer;
  const blocks = blocksOf(part, growth);
  if (blocks === undefined) return answer;
  if (blocks.thin) return { valid: false, proof: [longest] };
  const { proof } = byBlocks(part, blocks.block, new Uint8Array(part.count), false);
  return proof === undefined ? answer : { valid: false, proof: withReader(part, blocks.block, proof) };
}

/**
 * The block of each operation, where no value was appended twice: reads of n elements in block 2n, the append of element n in 2n - 1, what nobody saw behind all. `thin`: an element
 * was read that nobody appended.
 */
export function blocksOf(
  { count, effect }: Deeds,
  { length, letter, word, letters }: Growth,
): { readonly block: Int32Array; readonly thin: boolean } | undefined {
  const appended = new Uint8Array(letters);
  const place = new Int32Array(letters);
  for (const [at, own] of word.entries()) place[own] = place[own] === 0 ? at + 1 : -1;
  const block = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    if (effect[i] === READ) {
      block[i] = 2 * (length[i] as number);
      continue;
    }
    const own = letter[i] as number;
    if (appended[own] === 1 || place[own] === -1) return undefined;
    appended[own] = 1;
    block[i] = place[own] === 0 ? 2 * word.length + 1 : 2 * (place[own] as number) - 1;
  }
  return { block, thin: word.some((own) => appended[own] === 0) };
}

function begins(beginning: Int32Array, whole: Int32Array): boolean {
  for (let at = 0; at < beginning.length; at++) if (beginning[at] !== whole[at]) return false;
  return true;
}
