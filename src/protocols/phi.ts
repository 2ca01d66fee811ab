import type { Copyable } from '../core/copy.ts';
import type { Proc } from '../core/ids.ts';

/** phi = silence / mean interval × log10(e): the intervals are taken to be exponential, as Cassandra's gms/FailureDetector does. */
const LOG10_E = Math.LOG10E;
/** Longer intervals are outages, not samples. */
const MAX_INTERVAL_US = 2_000_000;
/** Intervals are kept in tenths of a second: the jitter of one heartbeat says nothing, and a calm cluster keeps exactly its mean. */
const SAMPLE_US = 100_000;
/** A mean over about the last thousand intervals. */
const WINDOW = 1000;
/** A detector that slept for so long itself judges nobody until it has been awake for as long again. */
const MAX_LOCAL_PAUSE_US = 5_000_000;

/**
 * The phi accrual failure detector (Hayashibara et al., SRDS 2004) of one node over its peers. All times are the node's own oscillator, in microseconds. With
 * one heartbeat a second and a threshold of 8, a peer is convicted after 8 × ln 10 = 18.4 s of silence.
 */
export class PhiDetector implements Copyable {
  readonly heardUs: Float64Array;
  readonly meanUs: Float64Array;
  /** When the peer was convicted, -1 while it is held for up. */
  readonly downSinceUs: Float64Array;
  /** How many are convicted. */
  down: number;
  checkedUs: number;
  pausedUs: number;
  /** When the next verdict falls if nobody is heard any more, as of the last check; before it `convict` need not be called. */
  dueUs: number;

  /** Everybody is held for up, as if heard `nowUs`. */
  constructor(size: number, nowUs: number, intervalUs: number) {
    this.heardUs = new Float64Array(size).fill(nowUs);
    this.meanUs = new Float64Array(size).fill(intervalUs);
    this.downSinceUs = new Float64Array(size).fill(-1);
    this.down = 0;
    this.checkedUs = nowUs;
    this.pausedUs = Number.NEGATIVE_INFINITY;
    this.dueUs = Number.POSITIVE_INFINITY;
  }

  isUp(peer: Proc): boolean {
    return this.down === 0 || this.downSinceUs[peer] === -1;
  }

  /** A sign of life. Returns whether the peer had been convicted: it is up again from now on. */
  heard(peer: Proc, nowUs: number): boolean {
    const intervalUs = nowUs - (this.heardUs[peer] as number);
    this.heardUs[peer] = nowUs;
    // What waited in a queue (a frozen process wakes up) tells nothing about intervals either.
    if (intervalUs >= SAMPLE_US && intervalUs <= MAX_INTERVAL_US) {
      const mean = this.meanUs[peer] as number;
      this.meanUs[peer] = mean + (Math.round(intervalUs / SAMPLE_US) * SAMPLE_US - mean) / WINDOW;
    }
    if (this.downSinceUs[peer] === -1) return false;
    this.downSinceUs[peer] = -1;
    this.down--;
    return true;
  }

  phi(peer: Proc, nowUs: number): number {
    return ((nowUs - (this.heardUs[peer] as number)) / (this.meanUs[peer] as number)) * LOG10_E;
  }

  /** Judges everybody; call it about once a second. Returns the peers convicted just now, usually none. */
  convict(self: Proc, threshold: number, nowUs: number): readonly Proc[] {
    const sleptUs = nowUs - this.checkedUs;
    this.checkedUs = nowUs;
    if (sleptUs > MAX_LOCAL_PAUSE_US) this.pausedUs = nowUs;
    this.dueUs = Number.POSITIVE_INFINITY;
    if (nowUs - this.pausedUs < MAX_LOCAL_PAUSE_US) return NOBODY;
    let convicted: Proc[] | undefined;
    const least = threshold / LOG10_E;
    for (let peer = 0; peer < this.heardUs.length; peer++) {
      if (peer === self || this.downSinceUs[peer] !== -1) continue;
      const verdictUs = (this.heardUs[peer] as number) + Math.ceil(least * (this.meanUs[peer] as number));
      if (nowUs < verdictUs) {
        if (verdictUs < this.dueUs) this.dueUs = verdictUs;
        continue;
      }
      this.downSinceUs[peer] = nowUs;
      this.down++;
      convicted ??= [];
      convicted.push(peer);
    }
    return convicted ?? NOBODY;
  }

  /** The peers held for up have been heard `deltaUs` later than they were; the dead have not. */
  shift(deltaUs: number): void {
    this.checkedUs += deltaUs;
    this.dueUs += deltaUs;
    for (let peer = 0; peer < this.heardUs.length; peer++) {
      if (this.downSinceUs[peer] === -1) this.heardUs[peer] = (this.heardUs[peer] as number) + deltaUs;
    }
  }

  copy(): this {
    const twin = new PhiDetector(0, 0, 0) as this;
    return Object.assign(twin, this, { heardUs: this.heardUs.slice(), meanUs: this.meanUs.slice(), downSinceUs: this.downSinceUs.slice() });
  }
}

const NOBODY: readonly Proc[] = [];
