import { drawFrom, hash32, inRange, stream } from '../core/draw.ts';
import type { Proc } from '../core/ids.ts';

/** Latencies of a kind of network, one way between nodes, in microseconds. */
export interface Latency {
  readonly loUs: number;
  readonly hiUs: number;
}

/** LANGUAGE section 5: `lan` is a rack, `wan` is 40 ms ± 5 %. A client sits beside its node: 50 µs. */
export const LATENCIES: Readonly<Record<'lan' | 'wan', Latency>> = { lan: { loUs: 450, hiUs: 550 }, wan: { loUs: 38_000, hiUs: 42_000 } };
export const CLIENT_US = 50;
/** After a heal each direction comes back after this long. */
export const RECONNECT_US: readonly [number, number] = [100_000, 200_000];

const P_LINK = 1;
const P_BEAT = 2;
const P_LOSS = 3;
const P_RECONNECT = 4;

/** One fault in the network, by the command that laid it. Later rules come first; in each category the first match decides. */
export type NetRule = { readonly command: number } & (
  | { readonly kind: 'partition'; readonly group: ReadonlyMap<Proc, number>; readonly open: readonly (readonly [Proc, Proc])[] }
  | { readonly kind: 'cut'; readonly from: Proc; readonly to: Proc }
  | { readonly kind: 'delay'; readonly from: Proc; readonly to: Proc; readonly oneWayUs: number }
  | { readonly kind: 'loss'; readonly from: Proc; readonly to: Proc; readonly share: number }
);

/**
 * The network: directed links with a latency each, first in first out, and the rules laid over them. Rules are compiled into tables by
 * (from, to), so that a message costs one look-up however many rules there are. Clients are rows of the tables too, for rules that name them; a
 * client that no rule names goes where its node goes (`World` asks for both links).
 */
export class Network {
  rules: readonly NetRule[] = [];
  latency: Latency;
  readonly seed: number;
  readonly reconnect: readonly [number, number];
  /** Servers and clients. */
  size: number;
  /** Whether any table below says anything: the fast path asks only this. */
  ruled = false;
  /** The command whose rule blocks the link, 0 if none does. */
  blocked: Int32Array;
  /** One way, or -1 where nothing overrides the latency. */
  delayUs: Float64Array;
  loss: Float64Array;
  /** A mended link is dead until then, through this command. */
  deadUntilUs: Float64Array;
  mendedBy: Int32Array;
  lastArrivalUs: Float64Array;
  /** For each link the streams of its latencies, 0 until they are first drawn from. Twins share them: they depend on the seed alone. */
  #linkStream: Int32Array;
  #beatStream: Int32Array;
  #linkDraws: Int32Array;
  #beatDraws: Int32Array;
  #lossDraws: Int32Array;
  #mendDraws: Int32Array;

  constructor(seed: number, size: number, latency: Latency, reconnect: readonly [number, number]) {
    this.seed = seed;
    this.size = size;
    this.latency = latency;
    this.reconnect = reconnect;
    const links = size * size;
    this.blocked = new Int32Array(links);
    this.delayUs = new Float64Array(links).fill(-1);
    this.loss = new Float64Array(links);
    this.deadUntilUs = new Float64Array(links);
    this.mendedBy = new Int32Array(links);
    this.lastArrivalUs = new Float64Array(links);
    this.#linkStream = new Int32Array(links);
    this.#beatStream = new Int32Array(links);
    this.#linkDraws = new Int32Array(links);
    this.#beatDraws = new Int32Array(links);
    this.#lossDraws = new Int32Array(links);
    this.#mendDraws = new Int32Array(links);
  }

  /** The tables with one process more. */
  grow(): void {
    const old = this.size;
    const size = old + 1;
    const wider = <T extends Int32Array | Float64Array>(from: T, to: T): T => {
      for (let row = 0; row < old; row++) to.set(from.subarray(row * old, (row + 1) * old), row * size);
      return to;
    };
    const links = size * size;
    this.blocked = wider(this.blocked, new Int32Array(links));
    this.delayUs = wider(this.delayUs, new Float64Array(links).fill(-1));
    this.loss = wider(this.loss, new Float64Array(links));
    this.deadUntilUs = wider(this.deadUntilUs, new Float64Array(links));
    this.mendedBy = wider(this.mendedBy, new Int32Array(links));
    this.lastArrivalUs = wider(this.lastArrivalUs, new Float64Array(links));
    this.#linkStream = new Int32Array(links);
    this.#beatStream = new Int32Array(links);
    this.#linkDraws = wider(this.#linkDraws, new Int32Array(links));
    this.#beatDraws = wider(this.#beatDraws, new Int32Array(links));
    this.#lossDraws = wider(this.#lossDraws, new Int32Array(links));
    this.#mendDraws = wider(this.#mendDraws, new Int32Array(links));
    this.size = size;
  }

  /** When a message sent now arrives; heartbeats draw from a stream of their own, so that leaping over them shifts nothing. */
  arrivalUs(from: Proc, to: Proc, nowUs: number, beat: boolean): number {
    const link = from * this.size + to;
    let latencyUs = this.ruled ? (this.delayUs[link] as number) : -1;
    if (latencyUs < 0) {
      const draws = beat ? this.#beatDraws : this.#linkDraws;
      const streams = beat ? this.#beatStream : this.#linkStream;
      const counter = draws[link] as number;
      draws[link] = counter + 1;
      let own = streams[link] as number;
      if (own === 0) {
        own = stream(this.seed, beat ? P_BEAT : P_LINK, from, to);
        streams[link] = own;
      }
      latencyUs = inRange(drawFrom(own, counter), this.latency.loUs, this.latency.hiUs);
    }
    return this.inOrder(link, nowUs + latencyUs);
  }

  /** First in, first out on each directed link. */
  inOrder(link: number, arrivalUs: number): number {
    const at = Math.max(arrivalUs, this.lastArrivalUs[link] as number);
    this.lastArrivalUs[link] = at;
    return at;
  }

  /** Whether the dice of a lossy link take this message. */
  loses(from: Proc, to: Proc): boolean {
    const link = from * this.size + to;
    const share = this.loss[link] as number;
    if (share === 0) return false;
    const counter = this.#lossDraws[link] as number;
    this.#lossDraws[link] = counter + 1;
    return hash32(this.seed, P_LOSS, from, to, counter) < share * 4294967296;
  }

  /** Lays rules anew (newest first) and compiles them; links that were blocked and are not any more start to reconnect. */
  lay(rules: readonly NetRule[], nowUs: number, command: number): void {
    this.rules = rules;
    const before = this.blocked;
    this.blocked = new Int32Array(before.length);
    this.delayUs.fill(-1);
    this.loss.fill(0);
    // Oldest first, so that newer rules overwrite: the first match from the newest decides.
    for (let i = rules.length - 1; i >= 0; i--) this.#compile(rules[i] as NetRule);
    for (let link = 0; link < before.length; link++) {
      if (before[link] === 0 || this.blocked[link] !== 0) continue;
      const counter = this.#mendDraws[link] as number;
      this.#mendDraws[link] = counter + 1;
      const from = Math.floor(link / this.size);
      const [loUs, hiUs] = this.reconnect;
      this.deadUntilUs[link] = nowUs + inRange(hash32(this.seed, P_RECONNECT, from, link % this.size, counter), loUs, hiUs);
      this.mendedBy[link] = command;
    }
    this.refresh(nowUs);
  }

  /** Whether the tables still say anything at this time. */
  refresh(nowUs: number): void {
    this.ruled = this.rules.length > 0 || this.deadUntilUs.some((until) => until > nowUs);
  }

  #compile(rule: NetRule): void {
    switch (rule.kind) {
      case 'partition':
        for (const [p, g] of rule.group) for (const [q, h] of rule.group) if (g !== h) this.blocked[p * this.size + q] = rule.command;
        for (const [p, q] of rule.open) this.blocked[p * this.size + q] = 0;
        break;
      case 'cut':
        this.blocked[rule.from * this.size + rule.to] = rule.command;
        break;
      case 'delay':
        this.delayUs[rule.from * this.size + rule.to] = rule.oneWayUs;
        break;
      case 'loss':
        this.loss[rule.from * this.size + rule.to] = rule.share;
        break;
    }
  }

  copy(): Network {
    const twin = new Network(this.seed, 0, this.latency, this.reconnect);
    twin.size = this.size;
    twin.rules = this.rules;
    twin.ruled = this.ruled;
    twin.blocked = this.blocked.slice();
    twin.delayUs = this.delayUs.slice();
    twin.loss = this.loss.slice();
    twin.deadUntilUs = this.deadUntilUs.slice();
    twin.mendedBy = this.mendedBy.slice();
    twin.lastArrivalUs = this.lastArrivalUs.slice();
    twin.#linkStream = this.#linkStream;
    twin.#beatStream = this.#beatStream;
    twin.#linkDraws = this.#linkDraws.slice();
    twin.#beatDraws = this.#beatDraws.slice();
    twin.#lossDraws = this.#lossDraws.slice();
    twin.#mendDraws = this.#mendDraws.slice();
    return twin;
  }
}
