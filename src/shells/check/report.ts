import type { Valid } from '../../checkers/model.ts';
import { figureText } from '../../commands/verdict-lines.ts';
import { type Columns, operationAt } from '../../history/columns.ts';
import { type Block, type Line, styled, text } from '../../view/block.ts';
import { witnessDrawing } from './drawing.ts';
import type { Judged, Part } from './judged.ts';

/** How many keys are listed one by one where nothing is wrong with them. */
const LISTED = 20;
/** How many counterexamples are drawn. */
const DRAWN = 5;
/** How many operations of an order are written out. */
const WRITTEN = 1000;

/** The verdict for people: overall, for each key, and what is wrong, drawn. */
export function verdictBlocks(judged: Judged, file: string, columns: Columns): readonly Block[] {
  const { parts, figures } = judged;
  const keys = columns.keys.length;
  const count = `${columns.count} operations${keys === 1 ? '' : ` on ${keys} keys`}`;
  const measured = figures.map(figureText).join(', ');
  const blocks: Block[] = [
    text(
      [sign(judged.valid), `  ${file}: ${judged.model}, as a ${judged.type}: ${count}${measured === '' ? '' : `, ${measured}`}`],
      ...columns.notes.map((note): Line => [styled(`note: ${note}`, 'dim')]),
    ),
  ];
  if (parts.length > 1) blocks.push(...listed(parts));
  const wrong = parts.filter(({ valid }) => valid === false);
  for (const part of wrong.slice(0, DRAWN)) blocks.push(...counterexample(part, parts.length > 1, columns));
  if (wrong.length > DRAWN) blocks.push(text([`${wrong.length - DRAWN} more keys are invalid; --json has all of them`]));
  for (const part of parts.filter(({ order }) => order !== undefined)) blocks.push(orderBlock(part, parts.length > 1, columns));
  if (judged.valid === 'undecided') blocks.push(undecided(parts));
  return blocks;
}

function sign(valid: Valid): Line[number] {
  if (valid === 'undecided') return styled('? undecided', 'unknown');
  return valid ? styled('✓ valid', 'ok') : styled('✗ invalid', 'fail');
}

/** Why it could not be decided: each reason once. */
function undecided(parts: readonly Part[]): Block {
  const open = parts.filter(({ valid }) => valid === 'undecided');
  const reasons = [...new Set(open.map(({ reason }) => reason ?? 'the budget of steps ran out'))];
  const steps = reasons.some((reason) => reason.includes('budget')) ? ['--steps takes a larger budget'] : [];
  return text(...[...reasons, ...steps].map((line): Line => [line]));
}

function listed(parts: readonly Part[]): readonly Block[] {
  const shown = parts.length <= LISTED ? parts : parts.filter(({ valid }) => valid !== true).slice(0, LISTED);
  const hidden = parts.length - shown.length;
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
  const good = parts.filter(({ valid }) => valid === true).length;
  return [...(rows.length === 0 ? [] : [table]), ...(hidden === 0 ? [] : [text([`${good} of ${parts.length} keys are valid`])])];
}

function counterexample(part: Part, named: boolean, columns: Columns): readonly Block[] {
  const { key, witness = [], reason, prefix } = part;
  const lines = witness.map((row) => `#${columns.id[row]} on line ${columns.line[row]}`).join(', ');
  const valid = prefix === undefined ? [] : [[styled(`valid as far as its first ${prefix} events`, 'dim')]];
  return [
    text([]),
    text([...(named ? [styled(key, 'key'), ': '] : []), reason ?? 'it cannot be put in order']),
    { kind: 'drawing', draw: (width) => witnessDrawing(part, columns, width) },
    { kind: 'text', lines: [[styled(lines, 'dim')], ...valid], hang: 2 },
  ];
}

/** One operation after the other, as `#3 process 1 write x 5`. */
function orderBlock({ key, order = [] }: Part, named: boolean, columns: Columns): Block {
  const shown = order.slice(0, WRITTEN).map((row, i): readonly Line[] => {
    const op = operationAt(columns, row);
    const found = op.value === null ? 'nil' : String(op.value);
    const what = op.effect === 'txn' ? found : `${op.effect} ${op.expected === undefined ? '' : `${op.expected} → `}${found}`;
    return [[String(i + 1)], [`#${op.id}`], [styled(op.process, 'node')], [named ? styled(key, 'key') : ''], [what]];
  });
  const more = order.length - shown.length;
  const rows = more > 0 ? [...shown, [['…'], [], [], [], [`${more} more; --json has all of them`]] as const] : shown;
  return {
    kind: 'table',
    columns: [
      { title: '', align: 'right' },
      { title: 'operation', align: 'left' },
      { title: 'process', align: 'left' },
      { title: '', align: 'left' },
      { title: '', align: 'left' },
    ],
    rows,
  };
}
