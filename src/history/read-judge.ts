import type { Copyable } from '../core/copy.ts';
import { SharedList } from '../core/copy.ts';
import type { Operation } from './operation.ts';
import type { Judgement } from './stale.ts';

/** The writes of one key: those that returned, in the order in which they did, and those that never will. */
interface KeyWrites {
  readonly returned: SharedList<Operation>;
  /** At each place the greatest call rank so far. */
  readonly newestCall: number[];
  readonly unknown: SharedList<Operation>;
  /** Counters, sets and lists have no single latest value. */
  register: boolean;
}

/**
 * Judges reads as `judgeRead` does, in a time that depends on how many operations overlap and not on how long the history is. It is fed with operations as they
 * end; those that are still open are given with each question.
 */
export class ReadJudge implements Copyable {
  #keys = new Map<string, KeyWrites>();

  /** An operation that ended. Must be called in the order of returns. */
  add(operation: Operation): void {
    if (operation.effect === 'read' || operation.status === 'fail') return;
    let key = this.#keys.get(operation.key);
    if (key === undefined) {
      key = { returned: new SharedList(), newestCall: [], unknown: new SharedList(), register: true };
      this.#keys.set(operation.key, key);
    }
    if (operation.effect !== 'write' && operation.effect !== 'cas') key.register = false;
    else if (operation.status === 'unknown') key.unknown.push(operation);
    else {
      key.newestCall.push(Math.max(key.newestCall.at(-1) ?? Number.NEGATIVE_INFINITY, operation.callRank));
      key.returned.push(operation);
    }
  }

  /** Undefined where staleness is not defined. */
  judge(read: Operation, open: readonly Operation[]): Judgement | undefined {
    const key = this.#keys.get(read.key);
    if (key === undefined) return { stale: false, latest: null };
    if (!key.register) return undefined;
    const writes = key.returned.items;
    let last = writes.length - 1;
    while (last >= 0 && (writes[last] as Operation).returnRank > read.callRank) last--;
    const latest = writes[last];
    if (latest === undefined) return { stale: false, latest: null };
    const stale = this.#overwritten(key, read, open, key.newestCall[last] as number);
    return { stale, latest: latest.value, agoUs: read.returnUs - latest.returnUs, latestOp: latest.id };
  }

  /** Whether every write of what was read had returned before the newest acknowledged write was invoked. */
  #overwritten({ returned, unknown }: KeyWrites, read: Operation, open: readonly Operation[], newestCall: number): boolean {
    const wrote = (op: Operation): boolean => op.value === read.value;
    if (unknown.items.some(wrote) || open.some((op) => op.key === read.key && op.effect !== 'read' && wrote(op))) return false;
    for (let i = returned.length - 1; i >= 0; i--) {
      const write = returned.items[i] as Operation;
      // Those before it returned even earlier.
      if (write.returnRank < newestCall) return true;
      if (wrote(write)) return false;
    }
    return true;
  }

  copy(): this {
    const twin = new ReadJudge();
    for (const [name, key] of this.#keys) {
      twin.#keys.set(name, {
        returned: key.returned.copy(),
        newestCall: key.newestCall.slice(),
        unknown: key.unknown.copy(),
        register: key.register,
      });
    }
    return twin as this;
  }
}
