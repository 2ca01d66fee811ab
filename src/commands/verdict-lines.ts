import { weakest } from '../checkers/implications.ts';
import type { Figure } from '../checkers/model.ts';
import { formatDuration } from '../core/units.ts';
import type { Operation } from '../history/operation.ts';
import { type Block, type Line, styled } from '../view/block.ts';
import { valueText } from '../view/outcome.ts';
import { type Judged, witnessOf } from './judging.ts';

/** How many operations of an order are written out. */
const WRITTEN = 24;

/** A figure as people read it: `k = 2`, `staleness = 1.035 ms`, `lost = 0`. */
export function figureText({ name, value, unit }: Figure): string {
  return `${name} = ${unit === 'us' && Number.isFinite(value) ? formatDuration(value) : value}`;
}

/** What a verdict says behind the model's name. */
export function verdictText(verdict: Judged): string {
  const { valid, reason, figures = [], operations } = verdict;
  const measured = figures.map(figureText).join(', ');
  const behind = measured === '' ? '' : ` (${measured})`;
  if (valid === 'undecided') return `${reason ?? 'the step budget ran out'}${behind}`;
  if (valid) return `${operations.length} operations${reason === undefined ? '' : `; ${reason}`}${behind}`;
  return `${
    reason ??
    `by ${witnessOf(verdict)
      .map((op) => `#${op}`)
      .join(', ')}`
  }${behind}`;
}

export function verdictLine(verdict: Judged): Line {
  return [sign(verdict.valid), `  ${verdict.wish.model.name}: ${verdictText(verdict)}`];
}

function sign(valid: Judged['valid']): Line[number] {
  if (valid === 'undecided') return styled('? undecided', 'unknown');
  return valid ? styled('✓ valid', 'ok') : styled('✗ violated', 'fail');
}

/** An order that explains what was seen, where the verdict has one. */
export function orderLine({ valid, order, operations }: Judged): readonly Line[] {
  if (valid !== true || order === undefined || order.length === 0) return [];
  const steps = order.slice(0, WRITTEN).flatMap((row) => operations[row] ?? []);
  const more = order.length - steps.length;
  return [[styled('  in this order:  ', 'dim'), steps.map(stepText).join(' · '), more > 0 ? styled(` · … ${more} more`, 'dim') : '']];
}

/** `#2 x=apple`, `#3 x→apple`: a write, and what a read found. */
function stepText(op: Operation): string {
  const value = valueText(op.value, 12);
  switch (op.effect) {
    case 'write':
      return `#${op.id} ${op.key}=${value}`;
    case 'read':
      return `#${op.id} ${op.key}→${value}`;
    case 'cas':
      return `#${op.id} ${op.key} ${valueText(op.expected ?? null, 10)}→${value}`;
    default:
      return `#${op.id} ${op.effect} ${op.key}${op.value === null ? '' : ` ${value}`}`;
  }
}

/** `k-staleness (k = 2)`. */
function measuredText({ wish, figures = [] }: Judged): string {
  return `${wish.model.name} (${figures.map(figureText).join(', ')})`;
}

/** What holds in one line, and a line for each thing that does not; what only follows from such a thing is named behind it. */
export function summary(judged: readonly Judged[]): readonly Block[] {
  const names = (some: readonly Judged[]): string => some.map(({ wish }) => wish.model.name).join(', ');
  const violated = judged.filter(({ valid, wish }) => valid === false && wish.model.mendable !== true);
  const soFar = judged.filter(({ valid, wish }) => valid === false && wish.model.mendable === true);
  const telling = weakest(violated.map(({ wish }) => wish.model));
  const first = violated.filter(({ wish }) => telling.includes(wish.model));
  const followed = violated.filter((verdict) => !first.includes(verdict));
  const valid = judged.filter((verdict) => verdict.valid === true);
  const open = judged.filter((verdict) => verdict.valid === 'undecided');
  const operations = judged[0]?.operations.length ?? 0;
  const plain = valid.filter(({ figures }) => figures === undefined);
  const measured = valid.filter(({ figures }) => figures !== undefined);
  const lines: Line[] = [
    ...first.map(verdictLine),
    ...(followed.length === 0 ? [] : [[styled('✗ violated', 'fail'), `  ${names(followed)}: each says more than that`]]),
    ...(plain.length === 0 ? [] : [[styled('✓ valid', 'ok'), `  ${names(plain)}: ${operations} operations`]]),
    ...(measured.length === 0 ? [] : [[styled('✓ valid', 'ok'), `  ${measured.map(measuredText).join(', ')}`]]),
    ...soFar.map((verdict): Line => [styled('✗ so far', 'unknown'), `  ${verdict.wish.model.name}: ${verdictText(verdict)}`]),
    ...open.map(verdictLine),
  ];
  return [{ kind: 'text', lines, hang: 12 }];
}
