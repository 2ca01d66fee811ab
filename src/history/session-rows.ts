import type { Builder } from './builder.ts';
import { FAIL, OK, UNEQUAL, UNKNOWN } from './columns.ts';

/** An operation of a run, as its row tells it. Values are codes. */
export interface RunRow {
  readonly n: number;
  readonly client: string;
  /** Where the row names the process, which it does where that is not the client. */
  readonly process: string | undefined;
  readonly effect: number;
  readonly key: string;
  readonly value: number;
  readonly expected: number;
  readonly line: number;
  status: number;
  call: number;
  /** `Infinity` where it never returned. */
  ret: number;
  readonly callUs: number;
  readonly returnUs: number;
}

/** Something that was done to the cluster, by a command. */
interface Deed {
  readonly n: number;
  readonly words: readonly string[];
  /** How many operations had been printed before. */
  readonly place: number;
}

/** A command that went back in time. */
interface Journey {
  readonly n: number;
  readonly place: number;
  /** The first rank that was given out anew. */
  cut: number;
}

const FAULTS = ['partition', 'cut', 'heal', 'crash', 'restart', 'powerloss', 'pause', 'resume', 'delay', 'loss', 'slow', 'skew', 'drift'];
/** Commands that look and change nothing, so that `undo` passes over them. */
const VIEWS = [
  'expect',
  'show',
  'state',
  'log',
  'diagram',
  'history',
  'stats',
  'why',
  'check',
  'help',
  'systems',
  'options',
  'branches',
  'compare',
  'hunt',
  'save',
  'quit',
];

/** The rows of one cluster of a run, from `use` or `reset` to the next. */
class Segment {
  readonly rows: RunRow[] = [];
  readonly journeys: Journey[] = [];
  /** The commands that changed the world, a deed for itself; those from `now` on were taken back, and `redo` may bring them again. */
  private readonly done: (Deed | undefined)[] = [];
  private now = 0;
  /** The number of the command that began it, and how many rows there have been since, with the one at hand. */
  private readonly first: number;
  seen = 0;

  constructor(first: number) {
    this.first = first;
  }

  /** A command that changed the world. */
  note(deed: Deed | undefined): void {
    this.done.length = this.now;
    this.done.push(deed);
    this.now++;
  }

  /** Takes the last commands back; false where there are not that many since the cluster began. */
  undo(count: number, n: number): boolean {
    // Numbers without a row are operations that still run.
    const running = Math.max(0, n - this.first - this.seen);
    if (count > this.now + running) return false;
    this.now = Math.max(0, this.now - count);
    this.travel(n);
    return true;
  }

  redo(count: number, n: number): void {
    this.now = Math.min(this.done.length, this.now + count);
    this.travel(n);
  }

  /** What was done and not taken back, in order. */
  get deeds(): readonly Deed[] {
    return this.done.slice(0, this.now).filter((deed) => deed !== undefined);
  }

  travel(n: number): void {
    this.journeys.push({ n, place: this.rows.length, cut: Number.POSITIVE_INFINITY });
  }

  /**
   * The rows that are history: a rank that was given out again means that what had it first was taken back. Who goes back gets the next rank that there was then, so all events from the
   * smallest rank on that was given out after the journey did not happen; an operation that was open at that rank is open again.
   */
  surviving(): readonly RunRow[] {
    if (this.journeys.length > 0) this.cut();
    const { rows, journeys } = this;
    const kept = new Map<number, RunRow>();
    let next = 0;
    rows.forEach((row, place) => {
      while (next < journeys.length && (journeys[next] as Journey).place <= place) next++;
      const cut = journeys[next]?.cut ?? Number.POSITIVE_INFINITY;
      if (row.call >= cut) return;
      if (row.ret >= cut) {
        row.status = UNKNOWN;
        row.ret = Number.POSITIVE_INFINITY;
      }
      // What was open when the run went back ends a second time, and that is how it ended.
      kept.set(row.n, row);
    });
    return [...kept.values()].sort((a, b) => a.call - b.call);
  }

  private cut(): void {
    const { rows, journeys } = this;
    const byNumber = rows.slice().sort((a, b) => b.n - a.n);
    let called = 0;
    let place = rows.length;
    let least = Number.POSITIVE_INFINITY;
    for (const journey of journeys.slice().reverse()) {
      for (; place > journey.place; place--) least = Math.min(least, (rows[place - 1] as RunRow).ret);
      for (; called < byNumber.length && (byNumber[called] as RunRow).n > journey.n; called++)
        least = Math.min(least, (byNumber[called] as RunRow).call);
      journey.cut = least;
    }
  }
}

/** The rows of `cap-tutor run --json`, of one script or several, with any number of clusters each. */
export class SessionRows {
  private readonly builder: Builder;
  private readonly segments: Segment[] = [new Segment(0)];
  private file = '';

  constructor(builder: Builder) {
    this.builder = builder;
  }

  /** Which cluster it is that runs now. */
  get cluster(): number {
    return this.segments.length;
  }

  private get segment(): Segment {
    return this.segments[this.segments.length - 1] as Segment;
  }

  /** A row of this script follows. Each script has a session of its own. */
  from(file: string): void {
    if (file !== this.file) this.fresh(0);
    this.file = file;
  }

  /** A row that says nothing of the history. */
  pass(): void {
    this.segment.seen++;
  }

  add(row: RunRow): void {
    this.segment.rows.push(row);
    this.segment.note(undefined);
    this.segment.seen++;
  }

  /** A command that is no operation. Returns what is wrong with it, if a history cannot go on behind it. */
  command(kind: string, n: number, words: readonly string[]): string | undefined {
    const { segment } = this;
    if (kind === 'use' || kind === 'reset') {
      this.fresh(n);
      return undefined;
    }
    segment.seen++;
    if (kind === 'undo') {
      if (!segment.undo(countOf(words), n))
        return 'this takes back more than was done with the cluster, so what holds after it is not in these rows';
    } else if (kind === 'redo') segment.redo(countOf(words), n);
    else if (kind === 'rewind') segment.travel(n);
    else if (kind === 'fork' || kind === 'switch' || kind === 'load')
      return `the session went to another timeline (${kind}), so its rows are not one history`;
    else if (!VIEWS.includes(kind)) {
      const deed = FAULTS.includes(kind) ? { n, words: [kind, ...words], place: segment.rows.length } : undefined;
      segment.note(deed);
    }
    return undefined;
  }

  private fresh(first: number): void {
    if (this.segment.rows.length > 0) this.segments.push(new Segment(first));
    else this.segments[this.segments.length - 1] = new Segment(first);
  }

  /** All rows have come: takes them down. Returns the line of a row that is wrong and what is, if one is. */
  finish(): { readonly line: number; readonly what: string } | undefined {
    let past = 0;
    for (const segment of this.segments) {
      const rows = segment.surviving();
      const last = new Map<string, RunRow>();
      const processes = new Map<string, number>();
      let furthest = 0;
      for (const row of rows) {
        const process = processOf(row, last, processes);
        const before = last.get(process);
        if (before !== undefined && before.ret > row.call && before.status !== UNKNOWN)
          return { line: row.line, what: `process ${process} begins an operation while that of line ${before.line} is still open` };
        last.set(process, row);
        this.take(row, process, past);
        furthest = Math.max(furthest, row.call, Number.isFinite(row.ret) ? row.ret : 0);
      }
      this.faults(segment, rows, past);
      past += furthest;
    }
    return undefined;
  }

  private take(row: RunRow, process: string, past: number): void {
    this.builder.clients = true;
    const { builder } = this;
    const { texts } = builder;
    const { effect, value, expected, line, status, n } = row;
    builder.atUs = row.callUs;
    const at = builder.operations;
    const key = texts.ofPrinted(row.key);
    builder.whole({ process: texts.ofPrinted(process), effect, key, value, expected, line }, status, past + row.call, past + row.ret, n);
    if (status !== UNKNOWN) builder.endedUs(at, row.returnUs);
  }

  /** A fault comes behind the calls of all commands before it, and behind the returns that were printed before it. */
  private faults(segment: Segment, rows: readonly RunRow[], past: number): void {
    const { deeds } = segment;
    if (deeds.length === 0) return;
    const printed = new Set(rows);
    const byNumber = rows.slice().sort((a, b) => a.n - b.n);
    let called = 0;
    let place = 0;
    let rank = 0;
    for (const deed of deeds) {
      for (; place < deed.place; place++) {
        const row = segment.rows[place] as RunRow;
        if (printed.has(row) && Number.isFinite(row.ret)) rank = Math.max(rank, row.ret);
      }
      for (; called < byNumber.length && (byNumber[called] as RunRow).n < deed.n; called++)
        rank = Math.max(rank, (byNumber[called] as RunRow).call);
      this.builder.faults.command(deed.words, past + rank);
    }
  }
}

/** `undo`, `undo 3`. */
function countOf(words: readonly string[]): number {
  return /^\d{1,9}$/.test(words[0] ?? '') ? Number(words[0]) : 1;
}

/**
 * The process of a row. One that does not say is of its client, who does one thing at a time: what overlaps the last thing, or comes after one that nobody knows the end of, is of another
 * process (LANGUAGE section 5, Clients).
 */
function processOf(row: RunRow, last: ReadonlyMap<string, RunRow>, processes: Map<string, number>): string {
  if (row.process !== undefined) return row.process;
  let count = processes.get(row.client) ?? 1;
  for (; ; count++) {
    const name = count === 1 ? row.client : `${row.client}#${count}`;
    const before = last.get(name);
    if (before !== undefined && (before.ret >= row.call || before.status === UNKNOWN)) continue;
    processes.set(row.client, count);
    return name;
  }
}

/** How an operation of a row ended. */
export function statusOf(outcome: string | undefined, compared: boolean): number | undefined {
  switch (outcome) {
    case 'ok':
      return OK;
    case 'unknown':
      return UNKNOWN;
    case 'fail':
      return compared ? UNEQUAL : FAIL;
    default:
      return undefined;
  }
}
