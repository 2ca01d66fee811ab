import { NO_PROC, type Proc } from '../core/ids.ts';
import type { Dice } from './dice.ts';
import { type Lay, layFault, mendFault } from './mischief.ts';
import type { Mood } from './mood.ts';
import { duration, type Trial } from './trial.ts';
import type { Breach, Watch } from './watch.ts';

/** The most things that happen in one run before it is closed: for each operation that it should have, and at least. */
const STEPS_EACH = 5;
const STEPS_AT_LEAST = 90;

/** `over`: the run was said to its end. `void`: it says nothing (its events are spent, or a line was refused). */
export type Played = Breach | 'over' | 'void';

/**
 * Says one run to a cluster, line by line. What comes next is drawn in view of the cluster as it is: only what applies is said, the leader can be aimed at, and a
 * wait may end at the very moment at which a role changes. What was said is a plain script all the same.
 */
export class Schedule implements Lay {
  readonly trial: Trial;
  readonly dice: Dice;
  readonly mood: Mood;
  readonly #watch: Watch;
  readonly #timeUs: number;
  #ended: Played | undefined;
  #written = 0;
  #operations = 0;
  #values: string[] = [];
  /** Whom the last fault struck or the last client talked to. */
  victim: Proc = 0;

  constructor(trial: Trial, dice: Dice, mood: Mood, watch: Watch, timeUs: number) {
    this.trial = trial;
    this.dice = dice;
    this.mood = mood;
    this.#watch = watch;
    this.#timeUs = timeUs;
  }

  get size(): number {
    return this.trial.live.world.size;
  }

  name(proc: Proc): string {
    return this.trial.live.name(proc);
  }

  play(): Played {
    const { weights, operations } = this.mood;
    if (this.dice.chance(0.8)) this.#operation('write', false);
    for (let step = 0; step < Math.max(STEPS_AT_LEAST, STEPS_EACH * operations) && this.#ended === undefined; step++) {
      if (this.#operations >= operations || this.trial.live.world.nowUs >= this.#timeUs) break;
      const canFault = this.mood.faults.length > 0;
      const what = this.dice.weighted([
        weights.operation,
        canFault ? weights.fault : 0,
        canFault ? weights.mend : 0,
        weights.wait,
        weights.coup,
      ]);
      if (what === 0) this.#operation(undefined, this.dice.chance(this.mood.background));
      else if (what === 1) layFault(this);
      else if (what === 2) mendFault(this);
      else if (what === 3) this.#wait();
      else this.#coup();
    }
    if (this.#ended === undefined && this.mood.closes) this.#close();
    return this.#ended ?? this.#watch.end(this.trial) ?? 'over';
  }

  /** Says a line, and looks at what came of it. */
  say(line: string): void {
    if (this.#ended !== undefined) return;
    const said = this.trial.say(line);
    this.#ended = said === 'done' ? this.#watch.after(this.trial) : 'void';
  }

  /** The node that leads in the highest term, or none. */
  leader(): Proc {
    let best = NO_PROC;
    let most = 0;
    for (let proc = 0; proc < this.size; proc++) {
      const term = this.trial.leads(proc);
      if (term <= most) continue;
      best = proc;
      most = term;
    }
    return best;
  }

  /** A node to aim at. */
  aim(): Proc {
    const leader = this.leader();
    if (this.dice.chance(this.mood.aimed)) return leader === NO_PROC || this.dice.chance(0.3) ? this.victim : leader;
    return this.dice.int(0, this.size - 1);
  }

  // Operations.

  #operation(kind: 'write' | 'read' | undefined, background: boolean, at?: Proc): void {
    const { dice, mood } = this;
    const specs = kind === undefined ? mood.verbs : mood.verbs.filter((spec) => spec.kind === kind);
    if (specs.length === 0) return;
    const spec = dice.pick(specs);
    const key = dice.pick(mood.keys);
    const client = dice.pick(mood.clients);
    const words = [spec.verb];
    for (const word of spec.words) {
      if (word === 'key') words.push(key);
      else if (word === 'value') words.push(this.#fresh());
      else words.push(this.#values.length === 0 ? 'none' : dice.pick(this.#values.slice(-3)));
    }
    if (at !== undefined) words.push(`@${this.name(at)}`);
    else if (dice.chance(0.85)) words.push(`@${this.name(dice.chance(0.5) ? this.aim() : dice.int(0, this.size - 1))}`);
    this.#operations++;
    this.say(`${client === 'you' ? '' : `${client}: `}${words.join(' ')}${background ? ' &' : ''}`);
  }

  #fresh(): string {
    const value = `v${++this.#written}`;
    this.#values.push(value);
    return value;
  }

  /**
   * Elections are where promises are made that nobody has heard of yet. So: the leader gets into trouble with a write on its hands, and as soon as another one leads,
   * before it has told anybody, something happens to some of those who made it one.
   */
  #coup(): void {
    const { dice } = this;
    const before = dice.chance(0.5);
    const leader = this.leader();
    if (leader !== NO_PROC) this.victim = leader;
    if (before) this.#operation('write', true, this.victim);
    if (dice.chance(0.7) && this.mood.faults.includes('partition') && this.size > 1) this.say(`partition ${this.name(this.victim)}`);
    else layFault(this);
    if (!before) this.#operation('write', true, this.victim);
    this.#news('leader');
    for (let strikes = dice.weighted([3, 2, 2, 2]); strikes > 0 && this.#ended === undefined; strikes--) {
      if (dice.chance(0.4)) mendFault(this);
      else layFault(this);
    }
  }

  // Time.

  #wait(): void {
    const { dice, mood } = this;
    const how = dice.weighted(mood.waits);
    if (how === 0 && this.trial.live.system.pulse !== undefined) {
      this.#news(dice.chance(0.5) ? 'role' : 'leader');
      return;
    }
    if (how === 1) this.pass(dice.scaled(100, 20_000));
    else this.pass(Math.floor((dice.pick(mood.scales) * dice.int(2, 30)) / 10));
  }

  /** Time that matters to the system, for faults that last. */
  span(): number {
    return round(Math.floor((this.dice.pick(this.mood.scales) * this.dice.int(2, 30)) / 10));
  }

  /** Lets that much time pass. */
  pass(us: number): void {
    if (this.#ended !== undefined) return;
    const { world, system } = this.trial.live;
    // A longer wait may leap, and then it is not the sum of its parts to the microsecond.
    const longestUs = 4 * system.program.periodUs - 1;
    const wantedUs = round(Math.min(us, Math.max(1000, this.#timeUs - world.nowUs)));
    if (!this.#watch.closely) this.say(`wait ${duration(wantedUs)}`);
    else this.#until(world.nowUs + Math.min(wantedUs, longestUs), () => this.#watch.glance(this.trial));
  }

  /** Waits for news, and mostly not a moment longer. */
  #news(of: 'role' | 'leader'): void {
    if (this.#ended !== undefined) return;
    const news = this.trial.waitForNews(of, () => this.#watch.closely && this.#watch.glance(this.trial));
    if (news === 'spent') {
      this.#ended = 'void';
      return;
    }
    if (news.proc !== undefined && this.dice.chance(0.5)) this.victim = news.proc;
    this.#ended = this.#watch.after(this.trial);
    if (this.dice.chance(0.4)) this.pass(this.dice.scaled(100, 20_000));
  }

  #until(limitUs: number, done: () => boolean): void {
    if (this.#ended !== undefined) return;
    const waited = this.trial.waitUntil(limitUs, done);
    this.#ended = waited === undefined ? 'void' : this.#watch.after(this.trial);
  }

  // The end: mended, at rest and read.

  #close(): void {
    const { live } = this.trial;
    const { nodes, network } = live.world;
    if (network.rules.length > 0) this.say('heal');
    const servers = nodes.slice(0, this.size);
    if (servers.some((node) => !node.up)) this.say('restart');
    if (nodes.some((node) => node.paused)) this.say('resume');
    for (const node of servers) {
      if (node.slowUs > 0) this.say(`slow ${this.name(node.self)} 0ms`);
      if (node.rate !== 1) this.say(`drift ${this.name(node.self)} 1x`);
    }
    this.say('settle');
    if (this.#watch.reads)
      for (const key of this.mood.keys) for (let proc = 0; proc < this.size; proc++) this.say(`read ${key} @${this.name(proc)}`);
  }
}

/** Two significant digits: nobody means more, and the same words come again. */
function round(us: number): number {
  let unit = 1;
  while (us / unit >= 100) unit *= 10;
  return Math.max(1, Math.floor(us / unit)) * unit;
}
