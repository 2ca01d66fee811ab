import { RW, RW_IN_TIME, WR, WW, WW_IN_TIME } from './graph.ts';
import { isUpdate, type Numbering, ownerOf } from './numbering.ts';
import type { Step } from './paths.ts';
import type { Versions } from './register-edges.ts';
import { proofInTime, type Spans } from './register-time.ts';
import { INITIAL, type Registers } from './registers.ts';
import { type Clause, keyed, movesOf, named, value, whose } from './words.ts';

/** Why one transaction comes before another, as far as reads of registers tell; undefined where they do not. */
export function registerClause(n: Numbering, registers: Registers, { from, to, kind }: Step): Clause | undefined {
  const { holds, source, wrote } = registers;
  if (kind === RW) return missedClause(n, registers, from, to);
  for (const m of movesOf(n, to)) {
    const by = source[m] as number;
    if (holds[n.txns.key[m] as number] === 0 || by < 0 || ownerOf(n, by) !== from) continue;
    const read = `${named(n, n.row[to] as number)} read ${value(n, by)} from ${keyed(n, m)}`;
    if (kind === WR) return { text: `${read}, which ${whose(n, by)} wrote`, rows: [] };
    if (kind === WW && (wrote[m] as number) >= 0)
      return { text: `${read}, which ${whose(n, by)} wrote, and wrote ${value(n, wrote[m] as number)} over it`, rows: [] };
  }
  return undefined;
}

function missedClause(n: Numbering, { holds, source, wrote }: Registers, from: number, to: number): Clause | undefined {
  for (const m of movesOf(n, to)) {
    const key = n.txns.key[m] as number;
    if (holds[key] === 0) continue;
    for (const r of movesOf(n, from)) {
      if (n.txns.key[r] !== key) continue;
      const read = `${whose(n, r)} read ${value(n, r)} from ${keyed(n, r)}`;
      const by = source[r] as number;
      if (by === INITIAL && isUpdate(n, m)) return { text: `${read}, to which ${whose(n, m)} wrote ${value(n, m)}`, rows: [] };
      const over = wrote[m] as number;
      if (by >= 0 && over >= 0 && source[m] === by)
        return { text: `${read}, over which ${whose(n, m)} wrote ${value(n, over)}`, rows: [by].map((w) => n.rowOf[w] as number) };
    }
  }
  return undefined;
}

/** Why one transaction comes before another where real time tells the order of two versions. */
export function timeClause(
  n: Numbering,
  { source, wrote }: Registers,
  versions: Versions,
  spans: Spans,
  { from, to, kind }: Step,
): Clause | undefined {
  if (kind !== WW_IN_TIME && kind !== RW_IN_TIME) return undefined;
  for (const m of movesOf(n, to)) {
    if (!isUpdate(n, m)) continue;
    for (const own of movesOf(n, from)) {
      if (n.txns.key[own] !== n.txns.key[m]) continue;
      const read = source[own] as number;
      const earlier = kind === RW_IN_TIME ? [read] : isUpdate(n, own) ? [own] : read >= 0 && (wrote[own] as number) >= 0 ? [read] : [];
      const proof = earlier[0] === undefined || earlier[0] < 0 ? undefined : proofInTime(n, versions, spans, earlier[0], m);
      if (proof === undefined) continue;
      const did = `${whose(n, own)} ${kind === RW_IN_TIME ? 'read' : 'wrote'} ${value(n, kind === WW_IN_TIME && !isUpdate(n, own) ? (wrote[own] as number) : own)}`;
      const rows = [proof.ended, proof.began].map((t) => n.row[t] as number);
      const touched = (t: number, v: number): string =>
        `${named(n, n.row[t] as number)} (${ownerOf(n, v) === t ? 'wrote' : 'read'} ${value(n, v)})`;
      const since = `${touched(proof.ended, proof.earlier)} had ended before ${touched(proof.began, proof.later)} began`;
      return {
        text: `${did} in ${keyed(n, m)} before ${whose(n, m)} wrote ${value(n, m)}, since ${since}`,
        rows: [...rows, n.rowOf[proof.earlier] as number],
      };
    }
  }
  return undefined;
}
