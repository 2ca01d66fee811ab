import { Builder } from './builder.ts';
import { type Columns, EFFECTS, FAIL, OK, UNEQUAL, UNKNOWN } from './columns.ts';
import type { Operation } from './operation.ts';
import { NOTHING, Texts } from './texts.ts';

/** A session's own operations, in order of invocation, as the columns that checkers judge. Row i is operation i. */
export function columnsOf(operations: readonly Operation[]): Columns {
  const builder = new Builder();
  const { texts } = builder;
  builder.clients = true;
  for (const operation of operations) {
    const effect = EFFECTS.indexOf(operation.effect);
    builder.word(operation.effect, effect, operation.id);
    const wrong = builder.whole(
      {
        process: texts.ofPrinted(operation.process),
        effect,
        key: texts.ofPrinted(operation.key),
        value: codeOf(texts, operation.value),
        expected: operation.expected === undefined ? NOTHING : texts.ofTyped(operation.expected),
        line: operation.id,
      },
      operation.status === 'ok' ? OK : operation.status === 'unknown' ? UNKNOWN : operation.compared === true ? UNEQUAL : FAIL,
      operation.callRank,
      operation.returnRank,
      operation.id,
    );
    if (wrong !== undefined) throw new Error(`a session names the key of every operation, and yet: ${wrong}`);
    if (Array.isArray(operation.value)) builder.collections = true;
  }
  return {
    ...builder.finish(),
    callUs: Float64Array.from(operations, (operation) => operation.callUs),
    returnUs: Float64Array.from(operations, (operation) => operation.returnUs),
  };
}

function codeOf(texts: Texts, value: Operation['value']): number {
  if (value === null) return NOTHING;
  if (typeof value === 'string') return texts.ofTyped(value);
  if (typeof value === 'number')
    return Number.isInteger(value) && value >= 0 && Texts.isSmall(value) ? Texts.ofInt(value) : texts.ofPrinted(String(value));
  return texts.ofCollection(value.map((part) => texts.ofTyped(part)));
}
