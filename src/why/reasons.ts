import { NO_OP, type Op, type Proc } from '../core/ids.ts';
import { byNumber } from '../core/order.ts';
import type { Rule } from '../sim/rules.ts';
import { BECAUSE } from '../sim/trace.ts';
import type { Line } from '../view/block.ts';
import { nodesSingled, sentence } from './sentence.ts';
import type { Teller } from './teller.ts';
import { line, often, shortTime, span } from './words.ts';

/** The same reason stated again and again by one process: told once, with how often. */
export interface Said {
  readonly proc: Proc;
  readonly rule: Rule;
  /** BECAUSE rows, in order. */
  readonly rows: readonly number[];
}

/** Reasons folded by process and rule, in order of the first. */
export function folded(teller: Teller, rows: readonly number[]): readonly Said[] {
  const { trace } = teller.reading;
  const out = new Map<string, { proc: Proc; rule: Rule; rows: number[] }>();
  for (const row of rows) {
    if (trace.kind[row] !== BECAUSE) continue;
    const { rule, facts } = trace.because(row);
    const proc = trace.proc[row] as Proc;
    const key = `${proc} ${rule.id} ${nodesSingled(rule, facts).join()}`;
    const known = out.get(key);
    if (known === undefined) out.set(key, { proc, rule, rows: [row] });
    else known.rows.push(row);
  }
  return [...out.values()];
}

/** Its last sentence, with how often it was said; `sinceUs` puts the time of the first before it. */
export function saidLine(teller: Teller, said: Said, sinceUs?: number): Line {
  const last = said.rows.at(-1) as number;
  const rhythm = often(said.rows.map((row) => teller.timeUs(row)));
  const first = said.rows[0] as number;
  const when = sinceUs === undefined ? '' : `after ${shortTime(teller.timeUs(first) - sinceUs)} `;
  return line(span(when, 'dim'), teller.because(last), rhythm === '' ? '' : ` (${rhythm})`);
}

/** Reasons stated for an operation by row, or for none (op 0) within a span of rows by any of some processes. */
export function ofOperation(teller: Teller, op: Op, effects?: readonly Rule['effect'][]): readonly number[] {
  const { trace } = teller.reading;
  return teller.reading
    .ofOp(op)
    .filter((row) => trace.kind[row] === BECAUSE && (effects === undefined || effects.includes(trace.because(row).rule.effect)));
}

export function atLarge(
  teller: Teller,
  procs: ReadonlySet<Proc> | undefined,
  first: number,
  last: number,
  effects: readonly Rule['effect'][],
): readonly number[] {
  const { trace, reasons } = teller.reading;
  return reasons.filter(
    (row) =>
      row >= first &&
      row <= last &&
      trace.kind[row] === BECAUSE &&
      trace.op[row] === NO_OP &&
      (procs === undefined || procs.has(trace.proc[row] as Proc)) &&
      effects.includes(trace.because(row).rule.effect),
  );
}

/** The same reasons, with processes that said the same of themselves told of together: `a, b and c ignored version 5: it holds 9`. */
export function saidByAll(teller: Teller, all: readonly Said[], sinceUs?: number): readonly Line[] {
  const groups = new Map<string, Said[]>();
  for (const said of all) {
    const key = wording(teller, said, '\u0000');
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [said]);
    else group.push(said);
  }
  return [...groups.values()].map((group) => {
    const [only] = group;
    if (only !== undefined && group.length === 1) return saidLine(teller, only, sinceUs);
    return line(wording(teller, only as Said, teller.names(group.map(({ proc }) => proc).toSorted(byNumber))));
  });
}

/** Its last sentence with the speaker called by another name. */
function wording(teller: Teller, said: Said, self: string): string {
  const { rule, facts } = teller.reading.trace.because(said.rows.at(-1) as number);
  return sentence(rule, facts, (proc) => (proc === said.proc ? self : teller.name(proc)));
}
