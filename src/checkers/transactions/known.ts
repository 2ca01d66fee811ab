import type { Judging, Recorded } from '../model.ts';
import type { Anomalies } from './anomalies.ts';
import { Edges } from './graph.ts';
import { checkLists } from './list-checks.ts';
import { listEdges } from './list-edges.ts';
import { type Lists, listsOf } from './lists.ts';
import { type Numbering, numbered } from './numbering.ts';
import { timeEdges } from './real-time.ts';
import { registerEdges, type Versions, versionsOf } from './register-edges.ts';
import { registerTimeEdges, type Spans, spansOf } from './register-time.ts';
import { type Registers, registersOf } from './registers.ts';
import { checkRepeats } from './repeats.ts';
import { type Writers, writersOf } from './writers.ts';

/** All that is known of a history before its graph is looked at. */
export interface Known {
  readonly n: Numbering;
  readonly writers: Writers;
  readonly isList: Uint8Array;
  readonly lists: Lists;
  readonly registers: Registers;
  readonly versions: Versions;
  readonly spans: Spans;
  /** Whether some key had a value written to it twice: who read from whom is then not known there. */
  readonly repeats: boolean;
}

/** Also tells what is wrong without any cycle. */
export function* knownOf({ columns, types }: Recorded, found: Anomalies): Generator<Judging, Known> {
  const n = yield* numbered(columns);
  const writers = yield* writersOf(n);
  const isList = Uint8Array.from(columns.keys, (_, key) => (types[key]?.name === 'list-append' ? 1 : 0));
  const { distinct } = writers;
  const lists = yield* listsOf(
    n,
    distinct.map((each, key) => each & (isList[key] as number)),
    writers,
  );
  yield* checkLists(n, lists, writers, found);
  const registers = yield* registersOf(
    n,
    distinct.map((each, key) => each & ~(isList[key] as number)),
    writers,
    found,
  );
  yield* checkRepeats(n, isList, distinct, writers, found);
  const versions = yield* versionsOf(n, registers, writers);
  const spans = yield* spansOf(n, registers.holds, versions);
  return { n, writers, isList, lists, registers, versions, spans, repeats: distinct.includes(0) };
}

/** What comes before what, as far as it can be read off a history. */
export function* edgesOf(known: Known, realTime: boolean): Generator<Judging, Edges> {
  const { n, lists, writers, registers, versions } = known;
  const edges = new Edges(n.count);
  yield* listEdges(n, lists, writers, edges);
  yield* registerEdges(n, registers, versions, edges);
  if (realTime) yield* edgesInTime(known, edges);
  return edges;
}

/** What real time adds. */
export function* edgesInTime({ n, registers, versions, spans }: Known, edges: Edges): Generator<Judging, void> {
  yield* timeEdges(n, edges);
  yield* registerTimeEdges(n, registers, versions, spans, edges);
}
