import type { Valid } from '../../checkers/model.ts';
import type { Operation } from '../../history/operation.ts';
import { type Block, type Line, styled, text } from '../../view/block.ts';
import { valueText } from '../../view/outcome.ts';
import { type Interval, timeline } from '../../view/timeline.ts';

/** What a model says of one key, or of all of them. */
export interface KeyVerdict {
  readonly key: string;
  readonly operations: number;
  readonly valid: Valid;
  readonly witness?: readonly Operation[];
  readonly reason?: string;
}

/** What one model says of a whole history. */
export interface Judged {
  readonly model: string;
  readonly type: string;
  readonly valid: true | false | 'undecided';
  readonly keys: readonly KeyVerdict[];
}

/** How many keys are listed one by one where nothing is wrong with them. */
const LISTED = 20;
/** How many counterexamples are drawn. */
const DRAWN = 5;

/** The verdict for people: overall, for each key, and what is wrong, drawn. `lineOf` gives the line of an operation. */
export function verdictBlocks(judged: Judged, file: string, notes: readonly string[], lineOf: (id: number) => number): readonly Block[] {
  const { keys } = judged;
  const operations = keys.reduce((sum, key) => sum + key.operations, 0);
  const count = `${operations} operations${keys.length === 1 ? '' : ` on ${keys.length} keys`}`;
  const blocks: Block[] = [
    text(
      [sign(judged.valid), `  ${file}: ${judged.model}, as a ${judged.type}: ${count}`],
      ...notes.map((note): Line => [styled(`note: ${note}`, 'dim')]),
    ),
  ];
  if (keys.length > 1) blocks.push(...listed(keys));
  const wrong = keys.filter(({ valid }) => valid === false);
  for (const key of wrong.slice(0, DRAWN)) blocks.push(...counterexample(key, keys.length > 1, lineOf));
  if (wrong.length > DRAWN) blocks.push(text([`${wrong.length - DRAWN} more keys are invalid; --json has all of them`]));
  if (judged.valid === 'undecided')
    blocks.push(text(['the budget of steps ran out before every key was judged; that says nothing about them']));
  return blocks;
}

function sign(valid: KeyVerdict['valid']): Line[number] {
  if (valid === 'undecided') return styled('? undecided', 'unknown');
  return valid ? styled('✓ valid', 'ok') : styled('✗ invalid', 'fail');
}

function listed(keys: readonly KeyVerdict[]): readonly Block[] {
  const shown = keys.length <= LISTED ? keys : keys.filter(({ valid }) => valid !== true).slice(0, LISTED);
  const hidden = keys.length - shown.length;
  const rows = shown.map(({ key, valid, operations }): readonly Line[] => [[styled(key, 'key')], [sign(valid)], [String(operations)]]);
  const table: Block = {
    kind: 'table',
    columns: [
      { title: 'key', align: 'left', shrink: true },
      { title: 'verdict', align: 'left' },
      { title: 'operations', align: 'right' },
    ],
    rows,
  };
  const good = keys.filter(({ valid }) => valid === true).length;
  return [...(rows.length === 0 ? [] : [table]), ...(hidden === 0 ? [] : [text([`${good} of ${keys.length} keys are valid`])])];
}

function counterexample({ key, witness = [], reason }: KeyVerdict, named: boolean, lineOf: (id: number) => number): readonly Block[] {
  const ranks = new Map(
    witness
      .flatMap((op) => [op.callRank, op.returnRank])
      .filter(Number.isFinite)
      .sort((a, b) => a - b)
      .map((rank, i) => [rank, i]),
  );
  const place = (rank: number): number => ranks.get(rank) ?? Number.POSITIVE_INFINITY;
  const data = {
    operations: witness.map((op, i) => interval(op, place, i === witness.length - 1)),
    faults: [],
    nowUs: ranks.size,
    maxRows: 40,
    ordered: true,
  };
  const lines = witness.map((op) => `#${op.id} on line ${lineOf(op.id)}`).join(', ');
  return [
    text([]),
    text([...(named ? [styled(key, 'key'), ': '] : []), reason ?? 'it cannot be put in order']),
    { kind: 'drawing', draw: (width) => timeline(data, width) },
    { kind: 'text', lines: [[styled(lines, 'dim')]], hang: 2 },
  ];
}

function interval(op: Operation, place: (rank: number) => number, last: boolean): Interval {
  return {
    n: op.id,
    who: op.process,
    label: labelOf(op),
    callUs: place(op.callRank),
    returnUs: place(op.returnRank),
    status: op.status,
    result: op.effect === 'read' && op.status === 'ok' ? valueText(op.value, 40) : op.compared === true ? 'another value' : '',
    ...(last ? { mark: '' } : {}),
  };
}

function labelOf(op: Operation): string {
  switch (op.effect) {
    case 'read':
      return 'R';
    case 'write':
      return op.value === null ? 'D' : `W ${valueText(op.value, 16)}`;
    case 'cas':
      return `C ${valueText(op.expected ?? null, 10)}→${valueText(op.value, 10)}`;
    default:
      return `${op.effect} ${valueText(op.value, 16)}`;
  }
}

/** The verdict for programs: a line for each key, then one for the whole. */
export function verdictRows(judged: readonly Judged[], file: string, lineOf: (id: number) => number): readonly string[] {
  const said = (valid: KeyVerdict['valid']): boolean | string => (valid === 'undecided' ? 'unknown' : valid);
  const rows = judged.flatMap(({ model, type, keys }) =>
    keys.map(({ key, operations, valid, witness, reason }) =>
      JSON.stringify({
        model,
        type,
        key,
        operations,
        valid: said(valid),
        witness: witness?.map((op) => op.id),
        lines: witness?.map((op) => lineOf(op.id)),
        reason,
      }),
    ),
  );
  const whole = Object.fromEntries(judged.map(({ model, valid }) => [model, { valid: said(valid) }]));
  const operations = judged[0]?.keys.reduce((sum, key) => sum + key.operations, 0) ?? 0;
  return [...rows, JSON.stringify({ summary: true, file, operations, keys: judged[0]?.keys.length ?? 0, models: whole, format: 1 })];
}
