import { CAS, OK, READ } from '../../../src/history/columns.ts';
import type { History, Op } from '../history.ts';
import { closure, effective, session } from './common.ts';
import { processesOf, someView, sources, writes } from './views.ts';

/**
 * The session guarantees (Terry, Demers, Petersen, Spreitzer, Theimer & Welch, Session guarantees for weakly consistent replicated data, PDIS 1994), told by which write each read
 * may have read from. Reads are ok reads and what an ok cas compared with; undefined is the beginning.
 */
type From = Op | undefined;

const observes = ({ effect, status }: Op): boolean => status === OK && (effect === READ || effect === CAS);

/** What a read may have read from: nothing that its own process did later. */
function candidates(ops: readonly Op[], read: Op): readonly From[] {
  return sources(ops, read).filter((from) => from === undefined || from.process !== read.process || from.call < read.call);
}

/** Whether some choice of sources for some reads, in order of call, satisfies `holds`. */
function someChoice(
  ops: readonly Op[],
  reads: readonly Op[],
  holds: (chosen: readonly From[]) => boolean,
  chosen: readonly From[] = [],
): boolean {
  const read = reads[chosen.length];
  if (read === undefined) return holds(chosen);
  return candidates(ops, read).some((from) => someChoice(ops, reads, holds, [...chosen, from]));
}

/** No read finds less than what its own process wrote last: the beginning, or an own write before that one. */
export function readYourWrites(history: History): boolean {
  const ops = effective(history);
  const own = (read: Op): readonly Op[] => ops.filter((w) => writes(w) && w.key === read.key && session(w, read));
  return ops
    .filter(observes)
    .every((read) => candidates(ops, read).some((from) => !own(read).some((w) => from === undefined || session(from, w))));
}

/** For each process and key some order of the writes of the key, the beginning first and each process's own in its order, in which the process never reads back. */
export function monotonicReads(history: History): boolean {
  const ops = effective(history);
  return processesOf(ops).every((process) =>
    [0, 1, 2].every((key) => {
      const reads = ops.filter((op) => observes(op) && op.process === process && op.key === key);
      const written = ops.filter((op) => writes(op) && op.key === key);
      return someChoice(ops, reads, (chosen) => someOrderWithout(written, chosen));
    }),
  );
}

/** Whether in some order of the writes each of `chosen` is the same as the one before it or a later one. */
function someOrderWithout(written: readonly Op[], chosen: readonly From[]): boolean {
  const rank = (order: readonly Op[], from: From): number => (from === undefined ? -1 : order.indexOf(from));
  const check = (order: readonly Op[]): boolean => chosen.every((from, i) => i === 0 || rank(order, chosen[i - 1]) <= rank(order, from));
  return (
    someView(written, session, (op, past) => past.length + 1 < written.length || check([...past, op])) && (written.length > 0 || check([]))
  );
}

/** Who has read a write misses nothing that its process wrote before it, and reads that process's writes in their order. */
export function monotonicWrites(history: History): boolean {
  const ops = effective(history);
  const before = (u: From, v: Op): boolean => u !== undefined && session(u, v);
  return processesOf(ops).every((process) => {
    const reads = ops.filter((op) => observes(op) && op.process === process);
    return someChoice(
      ops,
      reads,
      (chosen) =>
        !reads.some((read, i) => {
          const from = chosen[i];
          return chosen.slice(0, i).some((v) => {
            if (v === undefined) return false;
            const missed = ops.filter((w) => writes(w) && w.key === read.key && before(w, v));
            return missed.some((w) => from === undefined || before(from, w)) || (v.key === read.key && before(from, v));
          });
        }),
    );
  });
}

/** Who has read a write misses nothing that its process had read before it wrote, nor what lies behind that. */
export function writesFollowReads(history: History): boolean {
  const ops = effective(history);
  const reads = ops.filter(observes);
  const all = ops.filter(writes);
  return someChoice(ops, reads, (chosen) => {
    const led = (w: Op, v: Op): boolean => reads.some((read, i) => chosen[i] === w && (read === v || session(read, v)));
    const before = closure(all, led);
    if (all.some((w) => before(w, w))) return false;
    const older = (u: From, w: Op): boolean => u !== undefined && before(u, w);
    return !reads.some((read, i) =>
      reads.some((earlier, j) => {
        const v = chosen[j];
        if (v === undefined || !session(earlier, read)) return false;
        const missed = all.filter((w) => w.key === read.key && before(w, v));
        return missed.some((w) => chosen[i] === undefined || older(chosen[i], w)) || (v.key === read.key && older(chosen[i], v));
      }),
    );
  });
}
