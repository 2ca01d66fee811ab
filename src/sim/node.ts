import { copy } from '../core/copy.ts';
import { drawFrom, inRange, stream } from '../core/draw.ts';
import { NO_PROC, type Proc } from '../core/ids.ts';
import { Disk } from './disk.ts';
import { cloneEvent, type Event } from './queue.ts';
import { TimerTable } from './timers.ts';

const P_DRAW = 10;
const P_TIMER = 11;
const P_FLUSH = 12;
/** One flush of the disk, LANGUAGE section 5. */
const FLUSH_US: readonly [number, number] = [400, 600];

/** One process with its machine: server or client. Everything about it that a checkpoint must keep. */
export class Node {
  readonly self: Proc;
  readonly seed: number;
  /** A client's node; NO_PROC for servers. */
  home: Proc = NO_PROC;
  memory: unknown = undefined;
  disk: Disk<unknown> = new Disk();
  /** The process runs (perhaps frozen). */
  up = true;
  /** The machine has no power: nobody even refuses a connection. */
  silent = false;
  paused = false;
  /** Handles each message that much later. */
  slowUs = 0;
  /** The command that crashed, froze or slowed it. */
  downBy = 0;
  pausedBy = 0;
  slowBy = 0;
  clockBy = 0;
  /** Counts crashes: what was meant for an earlier incarnation is void. */
  epoch = 0;
  /** What came while the process was frozen, in order. */
  inbox: Event[] = [];
  timers = new TimerTable();
  flushDoneUs = 0;
  /** The clock: a wall clock runs `offsetUs` beside the oscillator; the oscillator showed `baseUs` at `sinceUs` and runs at `rate`. */
  offsetUs = 0;
  rate = 1;
  baseUs = 0;
  sinceUs = 0;
  readonly #drawStream: number;
  readonly #timerStream: number;
  readonly #flushStream: number;
  #draws = 0;
  #timerDraws = 0;
  #flushDraws = 0;

  constructor(self: Proc, seed: number) {
    this.self = self;
    this.seed = seed;
    this.#drawStream = stream(seed, P_DRAW, self, 0);
    this.#timerStream = stream(seed, P_TIMER, self, 0);
    this.#flushStream = stream(seed, P_FLUSH, self, 0);
  }

  get isClient(): boolean {
    return this.home !== NO_PROC;
  }

  monotonicUs(nowUs: number): number {
    return this.rate === 1 ? this.baseUs + nowUs - this.sinceUs : this.baseUs + Math.floor((nowUs - this.sinceUs) * this.rate);
  }

  clockUs(nowUs: number): number {
    return this.monotonicUs(nowUs) + this.offsetUs;
  }

  /** Runs the oscillator at another rate from now on. */
  drift(rate: number, nowUs: number): void {
    this.baseUs = this.monotonicUs(nowUs);
    this.sinceUs = nowUs;
    this.rate = rate;
  }

  draw(lo: number, hi: number): number {
    return inRange(drawFrom(this.#drawStream, this.#draws++), lo, hi);
  }

  /** A delay on this node's oscillator, in true microseconds. */
  timerUs(minUs: number, maxUs: number): number {
    const own = minUs === maxUs ? minUs : inRange(drawFrom(this.#timerStream, this.#timerDraws++), minUs, maxUs);
    return this.rate === 1 ? own : Math.ceil(own / this.rate);
  }

  /** When a flush begun now is done: one after the other, as a disk does. */
  flushUs(nowUs: number): number {
    const us = inRange(drawFrom(this.#flushStream, this.#flushDraws++), FLUSH_US[0], FLUSH_US[1]);
    this.flushDoneUs = Math.max(nowUs + us, this.flushDoneUs);
    return this.flushDoneUs;
  }

  /** A twin without timers: those are events, which the world re-ties to their twins. */
  copy(): Node {
    const twin = new Node(this.self, this.seed);
    Object.assign(twin, this);
    twin.memory = copy(this.memory);
    twin.disk = this.disk.copy();
    twin.inbox = this.inbox.map(cloneEvent);
    twin.timers = new TimerTable();
    twin.#draws = this.#draws;
    twin.#timerDraws = this.#timerDraws;
    twin.#flushDraws = this.#flushDraws;
    return twin;
  }
}
