import type { Asked, Judging, Recorded, Verdict } from '../model.ts';
import { Anomalies } from './anomalies.ts';
import { longestBeginning } from './beginning.ts';
import { cyclesOf } from './cycles.ts';
import { Edges, type Graph, graphOf, TIME } from './graph.ts';
import { checkLists } from './list-checks.ts';
import { listEdges } from './list-edges.ts';
import { listClause } from './list-words.ts';
import { type Lists, listsOf } from './lists.ts';
import { type Numbering, numbered } from './numbering.ts';
import { type Part, partOf } from './part.ts';
import type { Step } from './paths.ts';
import { timeEdges, timely } from './real-time.ts';
import { registerEdges, type Versions, versionsOf } from './register-edges.ts';
import { registerTimeEdges, type Spans, spansOf } from './register-time.ts';
import { registerClause, timeClause } from './register-words.ts';
import { type Registers, registersOf } from './registers.ts';
import { checkRepeats } from './repeats.ts';
import { explains } from './replay.ts';
import { thoseIn } from './schedule.ts';
import { search } from './search.ts';
import { Conclusions, type Settled, settle } from './settle.ts';
import { type Judge, refuted, shrunk } from './shrink.ts';
import { sorted } from './sort.ts';
import { type Clause, named } from './words.ts';
import { type Writers, writersOf } from './writers.ts';

/** Shrinking is worth at most so many steps; what it has reached then is the witness. */
const SHRINK_STEPS = 1_000_000;

/** All that is known of a history before its graph is looked at. */
interface Known {
  readonly n: Numbering;
  readonly writers: Writers;
  readonly isList: Uint8Array;
  readonly lists: Lists;
  readonly registers: Registers;
  readonly versions: Versions;
  readonly spans: Spans;
  readonly conclusions: Conclusions;
  /** Whether some key had a value written to it twice: who read from whom is then not known there. */
  readonly repeats: boolean;
}

/**
 * Whether transactions can have happened one after the other. What was read shows in what order some of them did; a contradiction in that is an anomaly. Without one an
 * order is looked for and executed: only that makes the verdict valid. Over lists with distinct elements any order that keeps the dependencies will do; over registers the
 * reads do not tell all, and where conclusions do not either all orders are tried as far as the steps go.
 */
export function* judgeTransactions(recorded: Recorded, asked: Asked, realTime: boolean): Generator<Judging, Verdict> {
  const judge: Judge = function* (part, steps) {
    return (yield* judged(part, { steps }, realTime)).verdict;
  };
  const { verdict, part } = yield* judged(recorded, asked, realTime, (near) => refuted(recorded, near, judge, realTime));
  if (verdict.valid !== false) return verdict;
  const told = part === undefined ? verdict : yield* toldOf(part, verdict, judge, asked.steps, realTime);
  return realTime ? { ...told, ...(yield* longestBeginning(recorded, told.witness ?? [], judge)) } : told;
}

/** What can be said of a smaller part that no order explains either. */
function* toldOf(part: Part, verdict: Verdict, judge: Judge, steps: number, realTime: boolean): Generator<Judging, Verdict> {
  const small = yield* shrunk(part, judge, { steps: SHRINK_STEPS }, realTime);
  const told = yield* judge(small.recorded, steps);
  if (told.valid !== false) return verdict;
  // What the reason names may do alone; where it does not, none of the others can be spared.
  const few = yield* partOf(small.recorded, told.witness ?? [], realTime);
  const fewer = few.rows.length < small.rows.length ? yield* judge(few.recorded, steps) : told;
  if (fewer.valid !== false || few.rows.length === small.rows.length) return { ...told, witness: small.rows };
  return { ...fewer, witness: few.rows.map((row) => small.rows[row] as number) };
}

/** A verdict; if nothing but all orders together speaks against the history, also a part of it against which they speak too. */
interface Judged {
  readonly verdict: Verdict;
  readonly part?: Part;
}

/** Looks for a part around a row that no order explains. */
type Look = (near: number) => Generator<Judging, Part | undefined>;

function* judged(recorded: Recorded, asked: Asked, realTime: boolean, look?: Look): Generator<Judging, Judged> {
  const found = new Anomalies();
  const known = yield* knownOf(recorded, found);
  const { n, isList, conclusions } = known;
  const edges = yield* edgesOf(known, realTime);
  const graph = yield* graphOf(edges);
  const order = yield* sorted(graph);
  if (order === undefined) yield* tell(known, graph, realTime, found);
  if (!found.none || order === undefined) return { verdict: invalid(found) };
  const valid = (explaining: Int32Array): Judged => ({
    verdict: { valid: true, ...(asked.order === true ? { order: Array.from(explaining, (t) => n.row[t] as number) } : {}) },
  });
  const first = yield* thoseIn(n, order);
  if (yield* explains(n, isList, first, realTime)) return valid(first);
  const budget = { steps: asked.steps };
  const refutation = function* (near: number): Generator<Judging, Judged | undefined> {
    const part = look === undefined ? undefined : yield* look(n.row[near] as number);
    return part === undefined ? undefined : { verdict: nothingExplains(n, new Anomalies()), part };
  };
  const whole = (): Part => ({ recorded, rows: Array.from({ length: recorded.columns.count }, (_, row) => row) });
  if (!known.repeats) {
    const timed = realTime ? undefined : yield* timelyOrder(known, budget);
    if (timed?.kind === 'order') return valid(timed.order);
    // Where real time had its part in a halt there may be a contradiction without it, close by.
    const early = timed === undefined ? undefined : yield* refutation(timed.near);
    if (early !== undefined) return early;
    const settled = yield* settle(known, edges, graph, order, conclusions, budget);
    if (settled.kind === 'cycle') {
      yield* tell(known, settled.graph, realTime, found);
      // What conclusions rest on is more than the cycle shows.
      const part = (yield* refutation(settled.near))?.part ?? whole();
      return { verdict: invalid(found), part };
    }
    if (settled.kind === 'order' && (yield* explains(n, isList, settled.order, realTime))) return valid(settled.order);
    const late = yield* refutation(settled.near);
    if (late !== undefined) return late;
    if (settled.kind === 'none') return { verdict: nothingExplains(n, found), part: whole() };
  }
  const all = yield* search(n, isList, graph, budget);
  if (all instanceof Int32Array && (yield* explains(n, isList, all, realTime))) return valid(all);
  if (all === false) return { verdict: nothingExplains(n, found), part: whole() };
  return { verdict: { valid: 'undecided', reason: 'no anomaly was found, and no order either within the steps' } };
}

/** An order that keeps real time where that is possible, though it need not: many systems do mostly, and it is found with much less ado. At most half of the steps go into it. */
function* timelyOrder(known: Known, budget: { steps: number }): Generator<Judging, Settled | undefined> {
  const edges = yield* edgesOf(known, true);
  const graph = yield* timely(yield* graphOf(edges), edges.timeless);
  const order = yield* sorted(graph);
  if (order === undefined) throw new Error('without real time there was no cycle');
  const half = { steps: budget.steps >> 1 };
  budget.steps -= half.steps;
  const settled = yield* settle(known, edges, graph, order, new Conclusions(), half);
  budget.steps += half.steps;
  if (settled.kind === 'order' && !(yield* explains(known.n, known.isList, settled.order, false))) return undefined;
  return settled;
}

function* edgesOf(known: Known, realTime: boolean): Generator<Judging, Edges> {
  const { n, lists, writers, registers, versions, spans } = known;
  const edges = new Edges(n.count);
  yield* listEdges(n, lists, writers, edges);
  yield* registerEdges(n, registers, versions, edges);
  if (!realTime) return edges;
  edges.timeless = edges.nodes;
  yield* timeEdges(n, edges);
  yield* registerTimeEdges(n, registers, versions, spans, edges);
  return edges;
}

function nothingExplains(n: Numbering, found: Anomalies): Verdict {
  found.add('no-order', () => ({ rows: Array.from(n.row), reason: 'no order of these transactions explains all that they read' }));
  return invalid(found);
}

function* knownOf({ columns, types }: Recorded, found: Anomalies): Generator<Judging, Known> {
  const n = yield* numbered(columns);
  const writers = yield* writersOf(n);
  const isList = Uint8Array.from(columns.keys, (_, key) => (types[key]?.name === 'list-append' ? 1 : 0));
  const distinct = Uint8Array.from(writers.again, (second) => (second < 0 ? 1 : 0));
  const lists = yield* listsOf(
    n,
    isList.map((list, key) => list & (distinct[key] as number)),
    writers,
  );
  yield* checkLists(n, lists, writers, found);
  const registers = yield* registersOf(
    n,
    isList.map((list, key) => (1 - list) & (distinct[key] as number)),
    writers,
    found,
  );
  const repeats = distinct.includes(0);
  if (repeats)
    yield* checkRepeats(
      n,
      isList,
      distinct.map((each) => 1 - each),
      writers,
      found,
    );
  // Where it is not known who read from whom, any of unknown outcome may have taken place.
  if (repeats) for (let t = 0; t < n.count; t++) if (n.part[t] === 0) n.part[t] = 2;
  const versions = yield* versionsOf(n, registers, writers);
  const spans = yield* spansOf(n, registers.holds, versions);
  return { n, writers, isList, lists, registers, versions, spans, conclusions: new Conclusions(), repeats };
}

function* tell(known: Known, graph: Graph, realTime: boolean, found: Anomalies): Generator<Judging, void> {
  const { n } = known;
  for (const { name, steps } of yield* cyclesOf(n, graph, realTime)) {
    found.add(name, () => {
      const rows = steps.map(({ from }) => n.row[from] as number);
      const among = new Set(rows);
      const clauses = steps.map((step) => clauseOf(known, step, among));
      return {
        rows: [...rows, ...clauses.flatMap((clause) => clause.rows)],
        reason: `${clauses.map(({ text }) => text).join('; ')}`,
      };
    });
  }
}

function clauseOf({ n, lists, writers, registers, versions, spans, conclusions }: Known, step: Step, among: ReadonlySet<number>): Clause {
  if (step.kind === TIME)
    return { text: `${named(n, n.row[step.from] as number)} had ended before ${named(n, n.row[step.to] as number)} began`, rows: [] };
  const clause =
    listClause(n, lists, writers, step, among) ??
    registerClause(n, registers, step) ??
    timeClause(n, registers, versions, spans, step) ??
    conclusions.of(step);
  if (clause === undefined) throw new Error('an edge of the graph has no reason: the readers of edges and of reasons disagree');
  return clause;
}

function invalid(found: Anomalies): Verdict {
  const { first } = found;
  if (first === undefined) throw new Error('a graph with a cycle has shown none');
  const witness = [...new Set(first.rows)].sort((a, b) => a - b);
  return { valid: false, witness, reason: `${first.name}: ${first.reason}`, figures: found.figures };
}
