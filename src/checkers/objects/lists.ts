import { NEVER, READ } from '../../history/columns.ts';
import { byBlocks, OUT, withReader } from './blocks.ts';
import { type Growth, judgeGrowing } from './growing.ts';
import { type Answer, type Part, VALID, wrong } from './part.ts';

const EMPTY = new Int32Array(0);

/**
 * Lists that are appended to and read whole. Every read must be a beginning of the longest one, which thereby fixes the order of all appends that anybody saw; what is
 * left is `growing.ts`. Exact for every list, in time linear in the history.
 */
export function judgeLists(part: Part, wanted: boolean): Answer {
  const { count, effect, value, texts } = part;
  const elements = (i: number): Int32Array => texts.elements(value[i] as number) ?? EMPTY;
  let longest = -1;
  for (let i = 0; i < count; i++) {
    if (effect[i] === READ && (longest < 0 || elements(i).length > elements(longest).length)) longest = i;
  }
  if (longest < 0) return wanted ? { valid: true, order: certain(part) } : VALID;
  const whole = elements(longest);
  const known = new Set<number>();
  const numbers = new Map<number, number>();
  const numberOf = (code: number): number => {
    const known = numbers.get(code);
    if (known !== undefined) return known;
    numbers.set(code, numbers.size);
    return numbers.size - 1;
  };
  const length = new Int32Array(count).fill(-1);
  const letter = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    if (effect[i] === READ) {
      const seen = elements(i);
      if (!known.has(value[i] as number) && !begins(seen, whole)) return wrong(longest, i);
      known.add(value[i] as number);
      length[i] = seen.length;
    } else letter[i] = numberOf(value[i] as number);
  }
  const word = whole.map(numberOf);
  const growth: Growth = { length, letter, word, letters: numbers.size };
  const answer = judgeGrowing(part, growth, wanted);
  return answer.valid === false ? { ...answer, ...proofOf(part, growth, longest) } : answer;
}

/** Where no value was appended twice, each operation has its block, and two of them in the wrong order and a read prove what is wrong. */
function proofOf(part: Part, { length, letter, word, letters }: Growth, longest: number): Pick<Answer, 'proof'> {
  const { count, effect, ret } = part;
  const appended = new Uint8Array(letters);
  const place = new Int32Array(letters);
  word.forEach((own, at) => {
    place[own] = place[own] === 0 ? at + 1 : -1;
  });
  const block = new Int32Array(count);
  const how = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    if (effect[i] === READ) {
      block[i] = 2 * (length[i] as number);
      continue;
    }
    const own = letter[i] as number;
    if (appended[own] === 1 || place[own] === -1) return {};
    appended[own] = 1;
    block[i] = place[own] === 0 ? 2 * word.length + 1 : 2 * (place[own] as number) - 1;
    if (place[own] === 0 && ret[i] === NEVER) how[i] = OUT;
  }
  if (word.some((own) => appended[own] === 0)) return { proof: [longest] };
  const { proof } = byBlocks(part, block, how, false);
  return proof === undefined ? {} : { proof: withReader(part, block, proof) };
}

/** All that certainly happened, in order of its ends: an order for what nobody looked at. */
export function certain({ count, ret }: Part): readonly number[] {
  const order: number[] = [];
  for (let i = 0; i < count; i++) if (ret[i] !== NEVER) order.push(i);
  return order.sort((a, b) => (ret[a] as number) - (ret[b] as number));
}

function begins(beginning: Int32Array, whole: Int32Array): boolean {
  for (let at = 0; at < beginning.length; at++) if (beginning[at] !== whole[at]) return false;
  return true;
}
