import { answerText, operationText } from '../../commands/operation-text.ts';
import { type Columns, NEVER, operationAt } from '../../history/columns.ts';
import type { Line } from '../../view/block.ts';
import { timeline } from '../../view/timeline.ts';
import type { Part } from './judged.ts';

/** How many operations and how many faults one picture has. */
const ROWS = 40;
const FAULTS = 6;

/** A counterexample in order of its events, with what the nemesis did meanwhile, and marks on what no order can take in. */
export function witnessDrawing({ witness = [], unplaced = [] }: Part, columns: Columns, width: number): readonly Line[] {
  const operations = witness.map((row) => operationAt(columns, row));
  const ranks = operations
    .flatMap((op) => [op.callRank, op.returnRank])
    .filter(Number.isFinite)
    .sort((a, b) => a - b);
  const place = (rank: number): number => (Number.isFinite(rank) ? ranks.indexOf(rank) : Number.POSITIVE_INFINITY);
  const keyed = new Set(operations.map(({ key }) => key)).size > 1;
  const misplaced = unplaced.filter((row) => witness.includes(row));
  const marked = misplaced.length > 0 ? misplaced : witness.slice(-1);
  // A fault begins and ends between two events of the counterexample.
  const between = (rank: number): number => ranks.filter((one) => one <= rank).length - 0.5;
  const first = ranks[0] ?? 0;
  const last = ranks.at(-1) ?? 0;
  const faults = columns.faults.filter(({ from, to }) => to > first && from < last).slice(0, FAULTS);
  const data = {
    operations: operations.map((op, i) => ({
      n: op.id,
      who: op.process,
      label: operationText(op, keyed),
      callUs: place(op.callRank),
      returnUs: place(op.returnRank),
      status: op.status,
      result: op.compared === true ? 'another value' : answerText(op, 40),
      ...(marked.includes(witness[i] as number) ? { mark: '' } : {}),
    })),
    faults: faults.map(({ text, from, to }) => ({
      label: text,
      fromUs: between(from),
      toUs: to === NEVER ? Number.POSITIVE_INFINITY : between(to),
    })),
    nowUs: ranks.length,
    maxRows: ROWS,
    ordered: true,
  };
  return timeline(data, width);
}
