import type { Asked, Judging, Recorded, Verdict } from '../model.ts';
import { Anomalies } from './anomalies.ts';
import { longestBeginning } from './beginning.ts';
import { cyclesOf } from './cycles.ts';
import { type Graph, graphOf, TIME } from './graph.ts';
import { edgesOf, type Known, knownOf } from './known.ts';
import { listClause } from './list-words.ts';
import type { Numbering } from './numbering.ts';
import { Grounds } from './orders.ts';
import { type Part, partOf } from './part.ts';
import type { Step } from './paths.ts';
import { registerClause, timeClause } from './register-words.ts';
import { type Judge, shrunk } from './shrink.ts';
import { someOrder } from './some-order.ts';
import { sorted } from './sort.ts';
import { type Clause, named } from './words.ts';

/** Shrinking is worth at most so many steps; what it has reached then is the witness. */
const SHRINK_STEPS = 1_000_000;

/**
 * Whether transactions can have happened one after the other. What was read shows in what order some of them did; a contradiction in that is an anomaly. Without one an
 * order is looked for and executed: only that makes the verdict valid. Over lists with distinct elements any order that keeps the dependencies will do; over registers the
 * reads do not tell all, and where conclusions do not either all orders are tried as far as the steps go.
 */
export function* judgeTransactions(recorded: Recorded, asked: Asked, realTime: boolean): Generator<Judging, Verdict> {
  const judge: Judge = function* (part, steps) {
    return (yield* judged(part, { steps }, realTime)).verdict;
  };
  const { verdict, part } = yield* judged(recorded, asked, realTime);
  if (verdict.valid !== false || asked.bare === true) return verdict;
  const told = part === undefined ? verdict : yield* toldOf(part, verdict, judge, asked.steps, realTime);
  return realTime ? { ...told, ...(yield* longestBeginning(recorded, told.witness ?? [], judge)) } : told;
}

/** What can be said of a smaller part that no order explains either. */
function* toldOf(part: Part, verdict: Verdict, judge: Judge, steps: number, realTime: boolean): Generator<Judging, Verdict> {
  const small = yield* shrunk(part, judge, { steps: SHRINK_STEPS }, realTime);
  const told = yield* judge(small.recorded, steps);
  if (told.valid !== false) return verdict;
  return { ...told, witness: small.rows };
}

/** A verdict; if nothing but all orders together speaks against the history, also a part of it against which they speak too. */
interface Judged {
  readonly verdict: Verdict;
  readonly part?: Part;
}

function* judged(recorded: Recorded, asked: Asked, realTime: boolean): Generator<Judging, Judged> {
  const found = new Anomalies();
  const known = yield* knownOf(recorded, found);
  const { n } = known;
  const edges = yield* edgesOf(known, realTime);
  const graph = yield* graphOf(edges);
  const order = yield* sorted(graph);
  if (order === undefined) yield* tell(known, graph, realTime, found);
  if (!found.none || order === undefined) return { verdict: invalid(found) };
  const result = yield* someOrder(known, { edges, graph, order }, realTime, { steps: asked.steps });
  if (result.kind === 'order')
    return {
      verdict: { valid: true, ...(asked.order === true ? { order: Array.from(result.order, (t) => n.row[t] as number) } : {}) },
    };
  if (result.kind === 'cycle') {
    const grounds = new Grounds(known, result.graph, result.orders, (step) => clauseOf(known, step, new Set()).rows);
    yield* tell(known, result.graph, realTime, found, grounds);
    const verdict = invalid(found);
    return { verdict, part: yield* partOf(recorded, verdict.witness ?? [], realTime) };
  }
  if (result.kind === 'open')
    return { verdict: { valid: 'undecided', reason: 'no anomaly was found, and no order either within the steps' } };
  return { verdict: nothingExplains(n, found), part: { recorded, rows: Array.from({ length: recorded.columns.count }, (_, row) => row) } };
}

function nothingExplains(n: Numbering, found: Anomalies): Verdict {
  found.add('no-order', () => ({ rows: Array.from(n.row), reason: 'no order of these transactions explains all that they read' }));
  return invalid(found);
}

function* tell(known: Known, graph: Graph, realTime: boolean, found: Anomalies, grounds?: Grounds): Generator<Judging, void> {
  const { n } = known;
  for (const { name, steps } of yield* cyclesOf(n, graph, realTime)) {
    found.add(name, () => {
      const rows = steps.map(({ from }) => n.row[from] as number);
      const among = new Set(rows);
      const clauses = steps.map((step) => grounds?.clause(step) ?? clauseOf(known, step, among));
      return {
        rows: [...rows, ...clauses.flatMap((clause) => clause.rows)],
        reason: `${clauses.map(({ text }) => text).join('; ')}`,
      };
    });
  }
}

function clauseOf({ n, lists, writers, registers, versions, spans }: Known, step: Step, among: ReadonlySet<number>): Clause {
  if (step.kind === TIME)
    return { text: `${named(n, n.row[step.from] as number)} had ended before ${named(n, n.row[step.to] as number)} began`, rows: [] };
  const clause =
    listClause(n, lists, writers, step, among) ?? registerClause(n, registers, step) ?? timeClause(n, registers, versions, spans, step);
  if (clause === undefined) throw new Error('an edge of the graph has no reason: the readers of edges and of reasons disagree');
  return clause;
}

function invalid(found: Anomalies): Verdict {
  const { first } = found;
  if (first === undefined) throw new Error('a graph with a cycle has shown none');
  const witness = [...new Set(first.rows)].sort((a, b) => a - b);
  return { valid: false, witness, reason: `${first.name}: ${first.reason}`, figures: found.figures };
}
