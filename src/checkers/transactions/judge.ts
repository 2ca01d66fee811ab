import type { Asked, Figure, Judging, Recorded, Verdict } from '../model.ts';
import { Anomalies } from './anomalies.ts';
import { cyclesOf } from './cycles.ts';
import { Edges, graphOf } from './graph.ts';
import { checkLists } from './list-checks.ts';
import { listEdges } from './list-edges.ts';
import { listClause } from './list-words.ts';
import { listsOf } from './lists.ts';
import { numbered } from './numbering.ts';
import { timeEdges } from './real-time.ts';
import { explains } from './replay.ts';
import { sorted } from './sort.ts';
import { writersOf } from './writers.ts';

export function* judgeTransactions(recorded: Recorded, asked: Asked, realTime: boolean): Generator<Judging, Verdict> {
  const { columns } = recorded;
  const n = numbered(columns);
  const writers = yield* writersOf(n);
  const isList = Uint8Array.from(columns.keys, (_, key) => (recorded.types[key]?.name === 'list-append' ? 1 : 0));
  const holds = isList.map((list, key) => (list === 1 && (writers.again[key] as number) < 0 ? 1 : 0));
  const lists = yield* listsOf(n, holds, writers);
  const found = new Anomalies();
  yield* checkLists(n, lists, writers, found);
  const edges = new Edges(n.count);
  yield* listEdges(n, lists, writers, edges);
  if (realTime) timeEdges(n, edges);
  const graph = graphOf(edges);
  const order = yield* sorted(graph);
  if (order === undefined) {
    for (const { name, steps } of yield* cyclesOf(n, graph, realTime)) {
      found.add(name, () => {
        const rows = steps.map(({ from }) => n.row[from] as number);
        const among = new Set(rows);
        const clauses = steps.map((step) => listClause(n, lists, writers, step, among)?.text);
        return { rows, reason: `${name}: ${clauses.join('; ')}` };
      });
    }
  }
  const { first } = found;
  const figures: Figure[] = [...found.figures];
  if (first !== undefined) return { valid: false, witness: [...new Set(first.rows)].sort((a, b) => a - b), reason: first.reason, figures };
  const only = (order as Int32Array).filter((v) => v < n.count && n.part[v] === 1);
  if (yield* explains(n, isList, only, realTime))
    return { valid: true, figures, ...(asked.order ? { order: Array.from(only, (t) => n.row[t] as number) } : {}) };
  return { valid: 'undecided', reason: 'no order was found that explains what was read', figures };
}
