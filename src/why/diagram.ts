import type { Op, Proc } from '../core/ids.ts';
import type { Outcome } from '../sim/process.ts';
import type { Rule } from '../sim/rules.ts';
import { AWAITS, BEAT, BECAUSE, BROKEN_IN, CALLED, FAULT, FINISHED, FLUSH_DONE, LOST, REPLIED, SENT } from '../sim/trace.ts';
import type { Meaning } from '../view/block.ts';
import type { DiagramData, Happening, Lane } from '../view/diagram-steps.ts';
import { Reading } from './reading.ts';
import { sentence } from './sentence.ts';
import { lossWord } from './steps.ts';
import type { Scene } from './types.ts';

export interface DiagramSpan {
  /** Microseconds, both included. Where a command is given, rows of `fromUs` that came before its own are left out. */
  readonly fromUs: number;
  readonly toUs: number;
  readonly command?: number;
  /** Who leads at the end of the span, for the heads of the lanes. */
  readonly leads?: (proc: Proc) => boolean;
  /** What periodic messages are called: `heartbeats`. */
  readonly periodicNoun?: string;
}

/** Reasons worth a line of their own between the messages: those that change who may do what, or what is kept. */
const DRAWN: readonly Rule['effect'][] = ['elected', 'stepped-down', 'detected', 'refused', 'dropped', 'answered'];
const SIGNS = { ok: '✓', fail: '✗', unknown: '?' } as const;

/** A span of the trace as the space-time diagram takes it. Clients that did something in the span stand left of the servers. */
export function diagramOf(scene: Scene, span: DiagramSpan): DiagramData {
  return new Drawing(scene, span).data();
}

class Drawing {
  readonly #scene: Scene;
  readonly #span: DiagramSpan;
  readonly #reading: Reading;
  readonly #first: number;
  readonly #last: number;
  readonly #lanes = new Map<Proc, number>();
  readonly #rows: Happening[] = [];
  readonly #sent = new Set<number>();
  readonly #paused = new Set<Proc>();

  constructor(scene: Scene, span: DiagramSpan) {
    this.#scene = scene;
    this.#span = span;
    this.#reading = new Reading(scene.trace);
    this.#first = beginOf(scene, span, this.#reading.rowAt(span.fromUs));
    this.#last = this.#reading.rowAt(span.toUs + 1) - 1;
  }

  data(): DiagramData {
    const { names, size } = this.#scene;
    const procs = [...this.#clients(), ...Array.from({ length: size }, (_, i) => i)];
    for (const proc of procs) this.#lanes.set(proc, this.#lanes.size);
    this.#sendBefore();
    for (let row = this.#first; row <= this.#last; row++) this.#add(row);
    const { leads, periodicNoun } = this.#span;
    const lanes = procs.map((proc): Lane => {
      const kind = proc >= size ? 'client' : 'node';
      return { name: names(proc), kind, ...(kind === 'node' && leads?.(proc) === true ? { leads: true } : {}) };
    });
    return { lanes, rows: this.#rows, ...(periodicNoun === undefined ? {} : { periodicNoun }) };
  }

  #clients(): readonly Proc[] {
    const { trace, size } = this.#scene;
    const out = new Set<Proc>();
    for (let row = this.#first; row <= this.#last; row++) {
      if ((trace.proc[row] as Proc) >= size && trace.op[row] !== 0) out.add(trace.proc[row] as Proc);
      if (trace.kind[row] === REPLIED || (trace.kind[row] === LOST && (trace.peer[row] as Proc) >= size)) out.add(trace.peer[row] as Proc);
    }
    return [...out].sort((x, y) => x - y);
  }

  #lane(proc: Proc): number {
    return this.#lanes.get(proc) ?? 0;
  }

  #add(row: number): void {
    const { trace } = this.#scene;
    const kind = trace.kind[row] as number;
    const proc = trace.proc[row] as Proc;
    if ((kind <= BROKEN_IN || kind === FLUSH_DONE) && this.#paused.delete(proc)) this.#state(row, proc, 'up');
    switch (kind) {
      case SENT:
      case BEAT:
      case REPLIED:
        this.#send(row);
        return;
      case LOST:
        this.#end(row, (id, atUs) => ({ kind: 'lost', atUs, id, why: lossWord(trace, row) }));
        return;
      case CALLED:
        this.#event(row, this.#scene.commandText(trace.op[row] as Op), 'command');
        return;
      case FINISHED: {
        const { status, error } = trace.data[row] as Outcome;
        this.#event(row, error === undefined ? status : `${status}  ${error}`, status, SIGNS[status]);
        return;
      }
      case BECAUSE:
        this.#because(row);
        return;
      case AWAITS:
        this.#need(row);
        return;
      case FAULT:
        this.#fault(row);
        return;
      default:
        if (kind === BROKEN_IN) this.#event(row, trace.ref[row] === 0 ? 'connection refused' : 'connection lost', 'lost', '✗');
        else if (kind < BROKEN_IN) this.#end(row, (id, atUs) => ({ kind: 'deliver', atUs, id }));
    }
  }

  #at(row: number): number {
    return this.#scene.trace.atUs[row] as number;
  }

  #send(row: number, atUs = this.#at(row)): void {
    const { trace, describe } = this.#scene;
    const from = trace.proc[row] as Proc;
    const to = trace.peer[row] as Proc;
    if (from === to || this.#sent.has(row) || !this.#lanes.has(from) || !this.#lanes.has(to)) return;
    this.#sent.add(row);
    const periodic = trace.kind[row] === BEAT && !this.#matters(row);
    this.#rows.push({
      kind: 'send',
      atUs,
      id: row,
      from: this.#lane(from),
      to: this.#lane(to),
      label: describe(trace.data[row]),
      ...(periodic ? { periodic } : {}),
    });
  }

  /** A periodic message is drawn when it serves an operation, or its receiver drew a conclusion from it. */
  #matters(row: number): boolean {
    const { trace } = this.#scene;
    if (trace.op[row] !== 0) return true;
    const end = this.#reading.end(row);
    if (end <= 0) return false;
    return this.#reading
      .consequences(end)
      .some((one) => (trace.kind[one] === BECAUSE && DRAWN.includes(trace.because(one).rule.effect)) || trace.kind[one] === REPLIED);
  }

  /** Messages that were sent before the span and end in it: they begin where the picture does. */
  #sendBefore(): void {
    for (let row = this.#first; row <= this.#last; row++) {
      const kind = this.#scene.trace.kind[row] as number;
      const sent = this.#scene.trace.cause[row] as number;
      if ((kind < BROKEN_IN || kind === LOST) && sent > 0 && sent < this.#first && this.#reading.isMessage(sent))
        this.#send(sent, this.#span.fromUs);
    }
  }

  #end(row: number, make: (id: number, atUs: number) => Happening): void {
    const id = this.#scene.trace.cause[row] as number;
    if (this.#sent.has(id)) this.#rows.push(make(id, this.#at(row)));
  }

  #event(row: number, label: string, as: Meaning, sign?: string): void {
    const proc = this.#scene.trace.proc[row] as Proc;
    if (!this.#lanes.has(proc)) return;
    this.#rows.push({ kind: 'event', atUs: this.#at(row), lane: this.#lane(proc), label, as, ...(sign === undefined ? {} : { sign }) });
  }

  #because(row: number): void {
    const { rule, facts } = this.#scene.trace.because(row);
    if (!DRAWN.includes(rule.effect)) return;
    const as: Meaning = rule.effect === 'elected' ? 'leader' : rule.effect === 'refused' || rule.effect === 'dropped' ? 'lost' : 'accent';
    this.#event(row, sentence(rule, facts, this.#scene.names), as);
  }

  /** A need that was met: `2 of 2`. */
  #need(row: number): void {
    const { need, have } = this.#scene.trace.need(row);
    if (need > 1 && have.length === need) this.#event(row, `${have.length} of ${need}`, 'accent');
  }

  #fault(row: number): void {
    const { command, what, nodes } = this.#scene.trace.fault(row);
    const label = `${command}  ${this.#scene.commandText(command)}`;
    if (!this.#rows.some((one) => one.kind === 'fault' && one.label === label && one.atUs === this.#at(row))) {
      this.#rows.push({ kind: 'fault', atUs: this.#at(row), label });
    }
    for (const proc of nodes) {
      if (what === 'crash' || what === 'power loss') this.#state(row, proc, 'down');
      else if (what === 'restart' || what === 'resume') this.#state(row, proc, 'up');
      else if (what === 'pause') this.#state(row, proc, 'paused');
      if (what === 'pause') this.#paused.add(proc);
    }
  }

  #state(row: number, proc: Proc, state: 'up' | 'down' | 'paused'): void {
    if (this.#lanes.has(proc)) this.#rows.push({ kind: 'state', atUs: this.#at(row), lane: this.#lane(proc), state });
  }
}

/** The row with which a command began: its call or its fault. */
function beginOf({ trace }: Scene, { command, fromUs }: DiagramSpan, first: number): number {
  if (command === undefined) return first;
  for (let row = first; row <= trace.length && trace.atUs[row] === fromUs; row++) {
    if (trace.kind[row] === CALLED ? trace.op[row] === command : trace.kind[row] === FAULT && trace.fault(row).command === command)
      return row;
  }
  return first;
}
