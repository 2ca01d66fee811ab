import { NEVER } from './columns.ts';
import { widened } from './micro.ts';
import { dense, type Ranked, sorted } from './ranks.ts';

/** Calls and returns as a history gives them with its rows: any numbers. Most are whole ones, which take half the room, and are the ranks themselves where they are distinct. */
export class GivenRanks {
  private call = new Int32Array(0);
  /** `NEVER` for what never returned. */
  private ret = new Int32Array(0);
  /** All of them, once some were no whole numbers below `NEVER`. */
  private calls: Float64Array<ArrayBufferLike> | undefined;
  private returns: Float64Array<ArrayBufferLike> = new Float64Array(0);

  /** Row `i`, the next one, was called and returned then (`Infinity`: never). There will be `room` rows, as far as anybody knows. */
  put(i: number, call: number, ret: number, room: number): void {
    if (this.calls === undefined && call === (call | 0) && (ret === (ret | 0) ? ret < NEVER : ret === Number.POSITIVE_INFINITY)) {
      if (i >= this.call.length) {
        this.call = widened(this.call, new Int32Array(room));
        this.ret = widened(this.ret, new Int32Array(room));
      }
      this.call[i] = call;
      this.ret[i] = ret === Number.POSITIVE_INFINITY ? NEVER : ret;
      return;
    }
    if (this.calls === undefined || i >= this.calls.length) {
      const [calls, returns] = this.numbers(i);
      this.calls = widened(calls, new Float64Array(room));
      this.returns = widened(returns, new Float64Array(room));
    }
    this.calls[i] = call;
    this.returns[i] = ret;
  }

  /** Calls and returns of the first `count` rows as they were given. */
  numbers(count: number): readonly [Float64Array, Float64Array] {
    if (this.calls !== undefined) return [this.calls.subarray(0, count), this.returns.subarray(0, count)];
    const returns = Float64Array.from(this.ret.subarray(0, count), (ret) => (ret === NEVER ? Number.POSITIVE_INFINITY : ret));
    return [Float64Array.from(this.call.subarray(0, count)), returns];
  }

  /** The ranks of the first `count` rows. */
  ranked(count: number): Ranked {
    const same = this.calls === undefined ? dense(this.call.subarray(0, count), this.ret.subarray(0, count)) : undefined;
    return same ?? sorted(...this.numbers(count));
  }
}
