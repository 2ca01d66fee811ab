import fc from 'fast-check';
import type { Operation } from '../../src/history/operation.ts';

const ANY = ['a', 'b', 'ab', 'ba'];
const MARKED = ['<1', '<2', '<3', '<12'];

/** Operations on one text with overlapping intervals: get, put, append, compare-and-set; ok, failed, unknown. What was read is often what could have been. */
export function anyTexts(most: number, kind: 'any' | 'marked'): fc.Arbitrary<readonly Operation[]> {
  const words = kind === 'any' ? ANY : MARKED;
  const word = fc.constantFrom(...words);
  const one = fc.record({
    effect: fc.constantFrom(
      'read' as const,
      'read' as const,
      'append' as const,
      'append' as const,
      'append' as const,
      'write' as const,
      'cas' as const,
    ),
    word,
    text: fc.array(word, { maxLength: 3 }).map((parts) => parts.join('')),
    // Mostly no compare-and-set, so that the places of appends are looked at.
    cas: fc.nat({ max: 6 }),
    status: fc.constantFrom('ok' as const, 'ok' as const, 'ok' as const, 'unknown' as const, 'fail' as const),
    compared: fc.boolean(),
    length: fc.integer({ min: 1, max: 7 }),
    gap: fc.nat({ max: 3 }),
  });
  return fc.array(one, { maxLength: most }).map((list) => {
    let now = 0;
    return list.map(({ effect: drawn, word: written, text, cas, status, compared, length, gap }, i) => {
      now += gap;
      const effect = drawn === 'cas' && cas > 0 ? 'append' : drawn;
      const callRank = 2 * (now * 10 + i);
      const returnRank = status === 'unknown' ? Number.POSITIVE_INFINITY : 2 * ((now + length) * 10 + i) + 1;
      return {
        ...{ id: i + 1, process: `p${i}`, client: `p${i}`, node: 0, effect, key: 'x' },
        value: effect === 'read' ? text || null : written,
        ...(effect === 'cas' && text !== '' ? { expected: text } : {}),
        ...(effect === 'cas' && status === 'fail' ? { compared } : {}),
        ...{ status, callRank, returnRank, callUs: callRank, returnUs: returnRank },
      };
    });
  });
}

/** The definition, by trying every order: each finds what it found, and appending lengthens the text. */
export function textOracle(operations: readonly Operation[], text = ''): boolean {
  const must = operations.filter((op) => op.status !== 'unknown');
  if (must.length === 0) return true;
  return operations.some((op) => {
    if (must.some((other) => other !== op && other.returnRank < op.callRank)) return false;
    const rest = operations.filter((other) => other !== op);
    return after(op, text).some((next) => textOracle(rest, next));
  });
}

/** What the text may be after an operation; nothing where it cannot have come next. */
function after(op: Operation, text: string): readonly string[] {
  const equal = (op.expected ?? '') === text;
  if (op.status === 'fail') return op.effect === 'cas' && op.compared === true && equal ? [] : [text];
  switch (op.effect) {
    case 'read':
      return op.status === 'unknown' || (op.value ?? '') === text ? [text] : [];
    case 'append':
      return [text + String(op.value)];
    case 'cas':
      return equal ? [String(op.value)] : op.status === 'unknown' ? [text] : [];
    default:
      return [String(op.value)];
  }
}
