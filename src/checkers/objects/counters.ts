import { ADD, READ } from '../../history/columns.ts';
import { rawText } from '../../history/texts.ts';
import { type Growth, judgeGrowing, NEUTRAL } from './growing.ts';
import { type Answer, type Deeds, type Part, wrong } from './part.ts';

/** What each operation of a counter adds, or found. */
export interface Amounts {
  readonly amount: Float64Array;
  /** The operation whose value is no whole number that can be added up exactly, or -1. */
  readonly strange: number;
}

export function amountsOf({ count, effect, value, texts }: Deeds): Amounts {
  const amount = new Float64Array(count);
  let strange = -1;
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const text = texts.text(value[i] as number);
    const number = text === null ? 0 : numberIn(text);
    amount[i] = number;
    if (effect[i] === ADD) sum += Math.abs(number);
    if (strange < 0 && effect[i] === ADD && (!Number.isSafeInteger(number) || !Number.isSafeInteger(sum))) strange = i;
  }
  return { amount, strange };
}

/** The number that a printed value stands for, whether it was a number or a text with one; NaN for others. */
export function numberIn(text: string): number {
  const raw = rawText(text).trim();
  return /^[+-]?\d+(\.0*)?(N|M)?$/.test(raw) ? Number.parseFloat(raw) : Number.NaN;
}

/**
 * Counters, as far as no search is needed. A read outside what the additions that may come before it can make is wrong, whatever the order. Where the same is added
 * every time, the counter is a word of one letter, which `growing.ts` judges. Undefined for the others.
 */
export function judgeCounters(part: Part, { amount }: Amounts, wanted: boolean): Answer | undefined {
  const outside = wentBack(part, amount) ?? outOfBounds(part, amount);
  if (outside !== undefined) return outside;
  const growth = unary(part, amount);
  return growth === undefined ? undefined : judgeGrowing(part, growth, wanted);
}

/**
 * A read lies between the sum of what certainly came before it with all that could lower it and the same with all that could raise it; what overlaps the read counts on both sides. By operation,
 * for reads.
 */
export function boundsOf(
  { count, effect, events }: Part,
  { amount }: Pick<Amounts, 'amount'>,
): { readonly least: Float64Array; readonly most: Float64Array } {
  const least = new Float64Array(count);
  const most = new Float64Array(count);
  // Sums over additions: all that had returned before a rank, and of each sign those and all that were called.
  let returned = 0;
  let raisedReturned = 0;
  let raised = 0;
  let lowered = 0;
  let loweredReturned = 0;
  for (let rank = 1; rank < events.length; rank++) {
    const event = events[rank] as number;
    const i = (event > 0 ? event : -event) - 1;
    const n = amount[i] as number;
    if (effect[i] === READ) {
      least[i] = event > 0 ? returned - loweredReturned : (least[i] as number) + lowered;
      most[i] = event > 0 ? returned - raisedReturned : (most[i] as number) + raised;
    } else if (event > 0) {
      if (n > 0) raised += n;
      else lowered += n;
    } else {
      returned += n;
      if (n > 0) raisedReturned += n;
      else loweredReturned += n;
    }
  }
  return { least, most };
}

/** The first read, by return, that found what cannot be. */
function outOfBounds(part: Part, amount: Float64Array): Answer | undefined {
  const { count, effect, call, ret, events } = part;
  const { least, most } = boundsOf(part, { amount });
  for (const event of events) {
    const i = -event - 1;
    if (event >= 0 || effect[i] !== READ) continue;
    const n = amount[i] as number;
    if (!(n >= (least[i] as number) && n <= (most[i] as number))) return bounded(i, n < (least[i] as number));
  }
  return undefined;

  /** Of a read that found too little: what had been added before it. Of one that found too much: all that could have been. */
  function bounded(read: number, little: boolean): Answer {
    const proof = [read];
    for (let i = 0; i < count; i++) {
      if (effect[i] !== ADD || (call[i] as number) > (ret[read] as number)) continue;
      const before = (ret[i] as number) < (call[read] as number);
      const n = amount[i] as number;
      if (before || (little ? n < 0 : n > 0)) proof.push(i);
    }
    return { valid: false, proof };
  }
}

/** Two reads, one after the other, of which the second found less although nothing lowers the counter; or more, where nothing raises it. */
function wentBack({ count, effect, events }: Part, amount: Float64Array): Answer | undefined {
  let [raises, lowers] = [false, false];
  for (let i = 0; i < count; i++) {
    if (effect[i] !== ADD) continue;
    if ((amount[i] as number) > 0) raises = true;
    if ((amount[i] as number) < 0) lowers = true;
  }
  if (raises && lowers) return undefined;
  const sign = lowers ? -1 : 1;
  // For each read the furthest that one found which had returned before it was called.
  const before = new Int32Array(count);
  let furthest = -1;
  for (let rank = 1; rank < events.length; rank++) {
    const event = events[rank] as number;
    const i = (event > 0 ? event : -event) - 1;
    if (effect[i] !== READ) continue;
    if (event > 0) {
      before[i] = furthest;
      continue;
    }
    const last = before[i] as number;
    if (last >= 0 && sign * (amount[last] as number) > sign * (amount[i] as number)) return wrong(last, i);
    if (furthest < 0 || sign * (amount[i] as number) > sign * (amount[furthest] as number)) furthest = i;
  }
  return undefined;
}

/** The counter as a word of one letter, where all additions that are not of nothing are of the same number. */
function unary({ count, effect }: Part, amount: Float64Array): Growth | undefined {
  let unit = 0;
  let additions = 0;
  for (let i = 0; i < count; i++) {
    if (effect[i] !== ADD || amount[i] === 0) continue;
    if (unit === 0) unit = amount[i] as number;
    if (amount[i] !== unit) return undefined;
    additions++;
  }
  const length = new Int32Array(count).fill(-1);
  const letter = new Int32Array(count);
  let longest = 0;
  for (let i = 0; i < count; i++) {
    if (effect[i] === READ) {
      const found = amount[i] === 0 ? 0 : (amount[i] as number) / unit;
      // A length that no additions make is longer than all of them together.
      length[i] = Number.isInteger(found) && found >= 0 && found <= additions ? found : additions + 1;
      longest = Math.max(longest, length[i] as number);
    } else if (amount[i] === 0) length[i] = NEUTRAL;
  }
  return { length, letter, word: new Int32Array(longest), letters: 1 };
}
