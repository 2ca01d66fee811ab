import { ACQUIRE, NEVER } from '../../history/columns.ts';
import { NOTHING, type Texts } from '../../history/texts.ts';
import { byBlocks, OUT } from './blocks.ts';
import { numberIn } from './counters.ts';
import { type Answer, type Part, wrong } from './part.ts';

/** Tokens only grow. Those that are no numbers have no order that could be known: they must differ. */
export function outranks(texts: Texts, token: number, last: number): boolean {
  if (token === NOTHING || last === NOTHING) return true;
  const [newer, older] = [numberIn(texts.text(token) ?? ''), numberIn(texts.text(last) ?? '')];
  return Number.isNaN(newer) || Number.isNaN(older) ? token !== last : newer > older;
}

/** Whether a release with a token may end what was acquired with one; either may be unrecorded. */
export function matches(release: number, acquire: number): boolean {
  return release === NOTHING || acquire === NOTHING || release === acquire;
}

interface Holds {
  readonly acquire: number[];
  /** -1: nobody let go. */
  readonly release: number[];
}

/**
 * Locks, where what is unknown of a process is the last that it did. Each process alternates, so it is clear which release ends which acquisition, and that has the
 * lock certainly from the return of its acquire to the call of its release. Of two such stretches one comes first in every order: if each could come before the other,
 * each release would be called before the other acquire returned, which goes round in a circle. So the order is that of the stretches, and the rest is real time and tokens. Undefined for others.
 */
export function judgeLocks(part: Part, wanted: boolean): Answer | undefined {
  const holds = holdsOf(part);
  if (holds === undefined || 'valid' in holds) return holds;
  const { acquire, release } = holds;
  const order = Array.from(acquire.keys()).sort(
    (a, b) => (part.ret[acquire[a] as number] as number) - (part.ret[acquire[b] as number] as number),
  );
  const block = new Int32Array(part.count);
  const how = new Uint8Array(part.count).fill(OUT);
  let last = -1;
  for (let at = 0; at < order.length; at++) {
    const [got, freed] = [acquire[order[at] as number] as number, release[order[at] as number] as number];
    const next = order[at + 1];
    if (freed < 0 && next !== undefined) return wrong(got, acquire[next] as number);
    if (last >= 0 && !outranks(part.texts, part.value[got] as number, part.value[last] as number))
      return { valid: false, proof: around(holds, [last, got]) };
    if (part.value[got] !== NOTHING) last = got;
    how[got] = 0;
    block[got] = 2 * at;
    // What may never have been let go and nobody got after it is left held.
    if (freed < 0 || (next === undefined && part.ret[freed] === NEVER)) continue;
    if (!matches(part.value[freed] as number, part.value[got] as number)) return wrong(got, freed);
    how[freed] = 0;
    block[freed] = 2 * at + 1;
  }
  const answer = byBlocks(part, block, how, wanted);
  return answer.valid === false ? { valid: false, proof: around(holds, answer.proof ?? []) } : answer;
}

/** Says which release ends which acquisition. */
function holdsOf(part: Part): Holds | Answer | undefined {
  const { count, effect, process, call, ret } = part;
  const holds: Holds = { acquire: [], release: [] };
  /** For each process its last operation and the index of what it holds, or -1. */
  const last = new Map<number, { i: number; held: number }>();
  for (let i = 0; i < count; i++) {
    const own = last.get(process[i] as number) ?? { i: -1, held: -1 };
    if (own.i >= 0 && (ret[own.i] as number) > (call[i] as number)) return undefined;
    const before = own.i;
    own.i = i;
    last.set(process[i] as number, own);
    const unknown = ret[i] === NEVER;
    if (effect[i] === ACQUIRE) {
      // Nobody could let go of what an acquire of unknown outcome got: nothing follows from it.
      if (unknown) continue;
      own.held = holds.acquire.push(i) - 1;
      holds.release.push(-1);
    } else if (own.held >= 0) {
      holds.release[own.held] = i;
      own.held = -1;
    } else if (!unknown) return before < 0 ? wrong(i) : wrong(...whole(holds, before), before, i);
  }
  return holds;
}

/** The acquisition that a release ended. */
function whole({ acquire, release }: Holds, freed: number): readonly number[] {
  return acquire.filter((_, n) => release[n] === freed);
}

/** The acquisitions that some operations belong to, whole. */
function around({ acquire, release }: Holds, some: readonly number[]): readonly number[] {
  return acquire.flatMap((got, n) => {
    const freed = release[n] as number;
    if (!some.includes(got) && !some.includes(freed)) return [];
    return freed < 0 ? [got] : [got, freed];
  });
}
