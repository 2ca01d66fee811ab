import { TEXTS } from '../appends.ts';
import type { Finding, Judging, KeyFinding } from '../model.ts';
import { type Sourced, strangeRead, tellingRows } from './clusters.ts';
import { isLong } from './texts.ts';

/** Bounds of what is measured: it is at least `least` and at most `most`. */
export interface Range {
  readonly least: number;
  readonly most: number;
}

/** What was measured of all keys together; `worst` is the key that decides, -1 where none is worse than `floor`. */
export interface Measured extends Range {
  readonly findings: readonly KeyFinding[];
  readonly worst: number;
}

/** Measures key by key. A read of what nobody wrote cannot be stale enough; long keys that texts were appended to are left out. */
export function* measureKeys(
  history: Sourced,
  floor: number,
  measure: (key: number) => Generator<Judging, Range>,
  judged: (key: number, range: Range) => Finding,
): Generator<Judging, Measured> {
  const { columns, keyed, texts } = history;
  const findings: KeyFinding[] = [];
  let [least, most, worst] = [floor, floor, -1];
  for (let key = 0; key < columns.keys.length; key++) {
    const operations = (keyed.from[key + 1] as number) - (keyed.from[key] as number);
    yield { done: key, of: columns.keys.length };
    if (texts[key] === 1 && isLong(tellingRows(history, key))) {
      findings.push({ key, operations, ...TEXTS });
      continue;
    }
    const strange = history.strange[key] as number;
    const range = strange >= 0 ? { least: Number.POSITIVE_INFINITY, most: Number.POSITIVE_INFINITY } : yield* measure(key);
    if (range.least > least) worst = key;
    least = Math.max(least, range.least);
    most = Math.max(most, range.most);
    findings.push({
      key,
      operations,
      ...(strange >= 0 ? { valid: false as const, ...strangeRead(columns, strange) } : judged(key, range)),
    });
  }
  return { findings, least, most, worst };
}
