import type { Op, Proc } from '../core/ids.ts';
import { byNumber } from '../core/order.ts';
import { unreachable } from '../core/unreachable.ts';
import { BROKEN_IN, CALLED, FLUSH_DONE, type Loss } from '../sim/trace.ts';
import type { Line } from '../view/block.ts';
import type { Reading } from './reading.ts';
import { sentence } from './sentence.ts';
import type { Scene } from './types.ts';
import { line, list, span } from './words.ts';

/** A fault that an explanation named, for the suggestions at its end. */
export interface Blamed {
  readonly why: Loss['why'] | 'paused' | 'slow' | 'delay' | 'skew' | 'drift';
  readonly command: number;
  readonly nodes: readonly Proc[];
}

/** A fault with its time, from the trace or standing before it. */
export interface Laid {
  readonly command: number;
  readonly verb: string;
  readonly text: string;
  readonly nodes: readonly Proc[];
  readonly atUs: number;
  /** 0: before the trace. */
  readonly row: number;
}

/** Some lost messages of one link with one reason. */
export interface LostGroup {
  readonly loss: Loss;
  readonly from: Proc;
  readonly to: Proc;
  readonly rows: readonly number[];
}

/** One explanation in the making: the scene, its reading, and the faults blamed so far. */
export class Teller {
  readonly scene: Scene;
  readonly reading: Reading;
  readonly blamed: Blamed[] = [];
  readonly #laid: readonly Laid[];

  constructor(scene: Scene, reading: Reading) {
    this.scene = scene;
    this.reading = reading;
    this.#laid = laidFaults(scene, reading);
  }

  name(proc: Proc): string {
    return this.scene.names(proc);
  }

  names(procs: readonly Proc[]): string {
    return list(procs.map((proc) => this.name(proc)));
  }

  isClient(proc: Proc): boolean {
    return proc >= this.scene.size;
  }

  timeUs(row: number): number {
    return this.reading.trace.atUs[row] as number;
  }

  /** The sentence of a BECAUSE row. */
  because(row: number): string {
    const { rule, facts } = this.reading.trace.because(row);
    return sentence(rule, facts, this.scene.names);
  }

  blame(why: Blamed['why'], command: number, named: readonly Proc[]): void {
    if (command === 0) return;
    // A link is one thing to mend, whichever way its messages went.
    const nodes = named.toSorted(byNumber);
    const known = this.blamed.some((b) => b.why === why && b.command === command && b.nodes.join() === nodes.join());
    if (!known) this.blamed.push({ why, command, nodes });
  }

  /** `command 2, partition a b`. */
  command(n: number): Line {
    return line(`command ${n}, `, span(this.scene.commandText(n), 'command'));
  }

  /** Whose link a message of this process uses: a client's messages go through the node it sits beside, unless it talks to that very node. */
  at(proc: Proc, other: Proc, op: Op): Proc {
    if (!this.isClient(proc)) return proc;
    const { trace } = this.reading;
    const called = this.reading.ofOp(op).find((row) => trace.kind[row] === CALLED);
    const beside = called === undefined ? -1 : (trace.peer[called] as Proc);
    return beside < 0 || beside === other ? proc : beside;
  }

  /** Lost messages (LOST rows) by link and reason, in order of the first. */
  groups(lost: readonly number[]): readonly LostGroup[] {
    const { trace } = this.reading;
    const out = new Map<string, { loss: Loss; from: Proc; to: Proc; rows: number[] }>();
    for (const row of lost) {
      const loss = trace.loss(row);
      const op = trace.op[row] as Op;
      const to = trace.proc[row] as Proc;
      const from = trace.peer[row] as Proc;
      const ends = [this.at(from, to, op), this.at(to, from, op)] as const;
      const key = `${loss.why} ${loss.command} ${ends[0]} ${ends[1]}`;
      const group = out.get(key);
      if (group === undefined) out.set(key, { loss, from: ends[0], to: ends[1], rows: [row] });
      else group.rows.push(row);
    }
    return [...out.values()];
  }

  /** Why lost messages were lost, with the command to blame: `lost on link c–a, cut by command 2, partition a b`. */
  loss(groups: readonly LostGroup[]): Line {
    const parts = new Map<string, LostGroup[]>();
    for (const group of groups) {
      const key = `${group.loss.why} ${group.loss.command}`;
      const same = parts.get(key);
      if (same === undefined) parts.set(key, [group]);
      else same.push(group);
      const node = [group.to];
      const link = [group.from, group.to];
      this.blame(group.loss.why, group.loss.command, isOfNode(group.loss.why) ? node : link);
    }
    const lines = [...parts.values()].map((same) => this.#lossPart(same));
    return line(...lines.slice(0, 2).flatMap((one, i) => (i === 0 ? [one] : ['; ', one])));
  }

  #lossPart(groups: readonly LostGroup[]): Line {
    const loss = (groups[0] as LostGroup).loss;
    const by = loss.command === 0 ? [] : this.command(loss.command);
    const links = this.links(groups);
    const to = this.names([...new Set(groups.map((group) => group.to))]);
    const are = to.includes(' and ') ? 'were' : 'was';
    switch (loss.why) {
      case 'cut':
        return line(span('lost', 'lost'), ` on ${links}, cut by `, by);
      case 'loss':
        return line(span('lost', 'lost'), ` on ${links}, dropped at random by `, by);
      case 'reconnecting':
        return line(span('lost', 'lost'), ` on ${links}, still reconnecting after `, by);
      case 'down':
        return line(span('lost', 'lost'), `: ${to} ${are} down since `, by);
      case 'off':
        return line(span('lost', 'lost'), `: ${to} ${are} without power since `, by);
      case 'old-connection':
        return line(span('lost', 'lost'), ` with the connection to ${to} that broke in `, by);
      default:
        return unreachable(loss.why);
    }
  }

  /** `link a–c`, `links a–c and b–c`: without direction where both were hit. */
  links(groups: readonly LostGroup[]): string {
    const names = groups.map(({ from, to }) => {
      const both = groups.some((other) => other.from === to && other.to === from);
      return both && from > to ? undefined : `${this.name(from)}–${this.name(to)}`;
    });
    const distinct = [...new Set(names.filter((name) => name !== undefined))];
    return `${distinct.length === 1 ? 'link' : 'links'} ${list(distinct)}`;
  }

  /** The command that keeps a process frozen at a row, if one does. A timed pause ends without a row of its own: that the process did something tells. */
  pausedBy(proc: Proc, row = this.reading.until): Laid | undefined {
    const last = this.#laid.findLast(
      (f) => f.row <= row && f.nodes.includes(proc) && ['pause', 'resume', 'crash', 'powerloss', 'restart'].includes(f.verb),
    );
    if (last?.verb !== 'pause') return undefined;
    const { kind, proc: whose, atUs } = this.reading.trace;
    const woke = Math.max(1, last.row + 1);
    for (let at = woke; at <= row; at++) {
      const what = kind[at] as number;
      if (whose[at] === proc && (atUs[at] as number) > last.atUs && (what <= BROKEN_IN || what === FLUSH_DONE)) return undefined;
    }
    return last;
  }

  /** The command that made a process slow, if it is. */
  slowedBy(proc: Proc, row = this.reading.until): Laid | undefined {
    return this.#inForce('slow', (f) => f.nodes.includes(proc), row);
  }

  /** The command that delays a link, if one does. */
  delayedBy(from: Proc, to: Proc, row = this.reading.until): Laid | undefined {
    const ends = [this.at(from, to, 0), this.at(to, from, 0)];
    const last = this.#laid.findLast(
      (f) => f.row <= row && (f.verb === 'heal' || (f.verb === 'delay' && ends.every((end) => f.nodes.includes(end)))),
    );
    return last?.verb === 'delay' ? last : undefined;
  }

  /** Clocks that are off: skews and drifts in force. */
  clocks(row = this.reading.until): readonly Laid[] {
    const out: Laid[] = [];
    for (const verb of ['skew', 'drift'] as const) {
      for (let proc = 0; proc < this.scene.size; proc++) {
        const laid = this.#inForce(verb, (f) => f.nodes.includes(proc), row);
        if (laid !== undefined) out.push(laid);
      }
    }
    return out;
  }

  #inForce(verb: string, hits: (laid: Laid) => boolean, row: number): Laid | undefined {
    const last = this.#laid.findLast((f) => f.row <= row && f.verb === verb && hits(f));
    return last === undefined || isMended(last.text) ? undefined : last;
  }

  /** The crash or power loss of a process between two rows, if there was one. */
  fallOf(proc: Proc, after: number, before = this.reading.until): Laid | undefined {
    return this.#laid.findLast(
      (f) => f.row > after && f.row <= before && f.nodes.includes(proc) && (f.verb === 'crash' || f.verb === 'powerloss'),
    );
  }

  get laid(): readonly Laid[] {
    return this.#laid;
  }
}

function isOfNode(why: Loss['why']): boolean {
  return why === 'down' || why === 'off' || why === 'old-connection';
}

/** `slow c 0ms`, `skew b +0s`, `drift a 1x` take the fault away. */
function isMended(text: string): boolean {
  return /\s[+-]?0+(\.0+)?(us|µs|ms|s|m|h|d)?(\s|$)/i.test(text) || /\s1(\.0+)?x(\s|$)/i.test(text);
}

function laidFaults(scene: Scene, reading: Reading): Laid[] {
  const standing = scene.standing.map((note): Laid => ({ ...note, verb: verbOf(note.text), row: 0 }));
  const inTrace = reading.faults.map((row): Laid => {
    const fault = reading.trace.fault(row);
    const text = scene.commandText(fault.command);
    const verb =
      fault.what === 'network' || fault.what === 'config' ? verbOf(text) : fault.what === 'power loss' ? 'powerloss' : fault.what;
    return { command: fault.command, verb, text, nodes: fault.nodes, atUs: reading.trace.atUs[row] as number, row };
  });
  return [...standing, ...inTrace];
}

function verbOf(text: string): string {
  return (/^(?:\S+:\s*)?(\S+)/.exec(text)?.[1] ?? '').toLowerCase();
}
