import { NOTHING } from '../../history/texts.ts';
import type { Judging } from '../model.ts';
import type { Anomalies } from './anomalies.ts';
import { elementsOf } from './lists.ts';
import { isRead, type Numbering } from './numbering.ts';
import { keyed, valued, whose } from './words.ts';
import type { Writers } from './writers.ts';

/** Where values repeat nobody knows which write a read read from; but what nobody wrote at all nobody can have read. */
export function* checkRepeats(
  n: Numbering,
  isList: Uint8Array,
  distinct: Uint8Array,
  writers: Writers,
  found: Anomalies,
): Generator<Judging, void> {
  const { txns } = n;
  for (let m = 0; m < txns.f.length; m++) {
    if ((m & 0x3fff) === 0) yield { done: m, of: txns.f.length };
    const key = txns.key[m] as number;
    if (distinct[key] === 1 || !isRead(n, m)) continue;
    if (isList[key] === 0) {
      const code = txns.value[m] as number;
      if (code !== NOTHING) check(n, writers, found, m, code, 'wrote');
    } else for (const element of elementsOf(n, m)) check(n, writers, found, m, element, 'appended');
  }
}

function check(n: Numbering, writers: Writers, found: Anomalies, m: number, code: number, did: string): void {
  const key = n.txns.key[m] as number;
  if (writers.of.get(key, code) >= 0) return;
  const own = n.rowOf[m] as number;
  const failed = writers.failed.get(key, code);
  const read = (): string => `${whose(n, m)} read ${valued(n, code)} from ${keyed(n, m)}`;
  if (failed < 0)
    found.add('garbage-read', () => ({ rows: [own], reason: `${read()}, which nobody had ${did === 'wrote' ? 'written' : did}` }));
  else
    found.add('G1a', () => ({ rows: [n.rowOf[failed] as number, own], reason: `${read()}, which ${whose(n, failed)} ${did} and failed` }));
}
