import { below } from '../core/order.ts';
import { type Fault, NEVER } from './columns.ts';
import type { GivenRanks } from './given-ranks.ts';
import type { Ranked } from './ranks.ts';

/** Longer than this no fault is told. */
const LONGEST = 120;

/** What an action undoes, in the words of nemeses and of commands. */
const UNDOES: Readonly<Record<string, readonly string[]>> = {
  heal: ['partition', 'cut', 'isolate', 'delay', 'loss', 'drop', 'start'],
  // The new sides take the place of the old ones.
  partition: ['partition'],
  stop: ['start'],
  start: ['kill', 'crash', 'powerloss'],
  restart: ['kill', 'crash', 'powerloss'],
  resume: ['pause'],
  reset: ['bump', 'strobe', 'skew', 'drift'],
};
/** What lasts until it is undone. */
const LASTS: ReadonlySet<string> = new Set(['slow', ...Object.values(UNDOES).flat()]);

interface Span {
  text: string;
  readonly from: number;
  to: number;
}

/** An action: `start-partition` and `partition-start` are both to start, of a partition. The subject of most is empty, and then all are meant. */
interface Action {
  readonly verb: string;
  readonly subject: string;
}

/**
 * What a nemesis did, as spans of ranks. Its events are all `:info` and come in pairs, the beginning and the end of one action (jepsen.history); an action of the kind that lasts (`start`, `kill`,
 * `partition`) reaches to the end of the one that undoes it (`stop`, `start`, `heal`), and any other to its own end.
 */
export class Faults {
  private spans: Span[] = [];
  /** Those that last, by verb and subject. */
  private readonly lasting = new Map<string, Map<string, Span[]>>();
  /** The action of the nemesis that has begun, the span that it is, and those that it undoes. */
  private begun: { readonly f: string; readonly own: Span | undefined; readonly undone: readonly Span[] } | undefined;

  /** A nemesis says that it does `f`, or that it has done it, after the event of rank `rank`. */
  event(f: string, value: string | null, rank: number): void {
    const { begun } = this;
    if (begun?.f !== f) {
      this.begun = { f, ...this.begin(actionOf(f), textOf(f, value), rank) };
      return;
    }
    this.begun = undefined;
    for (const span of begun.undone) span.to = rank + 1;
    if (begun.own === undefined) return;
    if (begun.own.to !== NEVER) begun.own.to = rank + 1;
    if (value !== null) begun.own.text = textOf(f, value);
  }

  /** A command of a run, after the event of rank `rank`: its words without options. */
  command(words: readonly string[], rank: number): void {
    const [verb = '', ...names] = words;
    // Nodes go down, freeze and come back one by one; links and sides are meant together.
    const single = ['crash', 'powerloss', 'pause', 'restart', 'resume'].includes(verb);
    const nodes = verb === 'pause' ? names.slice(0, 1) : names;
    const pair = names.filter((name) => name !== '->').slice(0, 2);
    const subjects = single && nodes.length > 0 ? nodes : [verb === 'partition' ? '' : pair.sort().join(' ')];
    for (const subject of subjects) this.begin({ verb, subject }, textOf(verb, single ? subject : names.join(' ')), rank);
  }

  private begin(action: Action, text: string, rank: number): { readonly own: Span | undefined; readonly undone: readonly Span[] } {
    const undone = this.undo(action);
    for (const span of undone) span.to = rank + 1;
    const lasts = LASTS.has(action.verb);
    // What undoes something is no fault; nor is a `heal` after which nothing is left to heal.
    if ((undone.length > 0 || !lasts) && UNDOES[action.verb] !== undefined && action.verb !== 'partition')
      return { own: undefined, undone };
    const own = { text: text.trim(), from: rank, to: lasts ? NEVER : rank + 1 };
    this.spans.push(own);
    if (lasts) {
      const subjects = this.lasting.get(action.verb) ?? new Map<string, Span[]>();
      this.lasting.set(action.verb, subjects);
      const spans = subjects.get(action.subject) ?? [];
      subjects.set(action.subject, spans);
      spans.push(own);
    }
    return { own, undone };
  }

  /** The spans that an action ends. */
  private undo({ verb, subject }: Action): readonly Span[] {
    const undone: Span[] = [];
    for (const other of UNDOES[verb] ?? []) {
      const subjects = this.lasting.get(other);
      if (subjects === undefined) continue;
      // To heal is to end what was started on the network, and nothing else that was.
      const named = verb === 'heal' && other === 'start' ? ['', 'partition'] : subject === '' ? [...subjects.keys()] : [subject, ''];
      for (const name of named) {
        for (const span of subjects.get(name) ?? []) undone.push(span);
        subjects.delete(name);
      }
    }
    return undone;
  }

  /** Ranks that were given as any numbers become those of the columns. */
  move(given: GivenRanks, ranked: Ranked): void {
    if (this.spans.length === 0) return;
    const [calls, returns] = given.numbers(ranked.call.length);
    const bounds = Float64Array.from(new Set(this.spans.flatMap(({ from, to }) => (to === NEVER ? [from] : [from, to - 1])))).sort();
    const last = new Int32Array(bounds.length);
    const note = (given: number, rank: number): void => {
      if (rank === NEVER) return;
      const place = below(bounds, given);
      if (place < last.length && rank > (last[place] as number)) last[place] = rank;
    };
    for (let i = 0; i < ranked.call.length; i++) {
      const row = ranked.order === undefined ? i : (ranked.order[i] as number);
      note(calls[row] as number, ranked.call[i] as number);
      note(returns[row] as number, ranked.ret[i] as number);
    }
    for (let b = 1; b < last.length; b++) last[b] = Math.max(last[b] as number, last[b - 1] as number);
    const moved = (bound: number): number => last[below(bounds, bound)] as number;
    this.spans = this.spans.map(({ text, from, to }) => ({ text, from: moved(from), to: to === NEVER ? NEVER : moved(to - 1) + 1 }));
  }

  /** All of them, in the order in which they began. */
  all(ranks: number): readonly Fault[] {
    return this.spans.map(({ text, from, to }) => ({ text, from, to: to > ranks ? NEVER : to }));
  }
}

function actionOf(f: string): Action {
  const [first = '', ...rest] = f.split('-');
  const last = rest.at(-1);
  if (last === 'start' || last === 'stop') return { verb: last, subject: [first, ...rest.slice(0, -1)].join('-') };
  return { verb: first, subject: rest.join('-') };
}

function textOf(f: string, value: string | null): string {
  const text = value === null ? f : `${f} ${value}`;
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
