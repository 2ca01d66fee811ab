import * as checkers from '../checkers/index.ts';
import { type Finding as Found, finish, overall, type Recorded } from '../checkers/model.ts';
import { modelsFor, readModels, STEPS, typesFor } from '../checkers/wanted.ts';
import { judgeWish } from '../checkers/wish.ts';
import { isProblem, Problem } from '../core/problem.ts';
import type { Columns } from '../history/columns.ts';
import { readHistory } from '../history/read.ts';
import type { CheckOptions, CheckResult, Finding, HistoryOperation, ModelInfo, ModelResult, OperationRef } from './types.ts';

export type * from './types.ts';

/** What is wrong with a history or with the options: `message` says what and what to do instead. */
export class CheckError extends Error {
  /** Where in the text, from 1; undefined where it is not a matter of place. */
  readonly line: number | undefined;
  readonly column: number | undefined;

  constructor(message: string, line: number | undefined, column: number | undefined) {
    super(message);
    this.name = 'CheckError';
    this.line = line;
    this.column = column;
  }
}

/** Every consistency model, strongest first. */
export const models: readonly ModelInfo[] = checkers.models.map(({ name, aliases, says, source, implies, judges }) => ({
  ...{ name, aliases, says, source, implies, judges },
}));

/**
 * Judges a history: text or bytes as Jepsen, Knossos or Porcupine write them or as JSON Lines (all that `cap-tutor check` reads), or a list of operations. Works to its end at
 * once; a million operations take about a second, so where that is too long call it in a worker.
 *
 * @throws CheckError for a history that cannot be read, a model that does not exist or does not fit, and contradictory options.
 */
export function check(history: string | Uint8Array | readonly HistoryOperation[], options: CheckOptions = {}): CheckResult {
  const name = options.name ?? 'history';
  const steps = options.steps ?? STEPS;
  if (!Number.isInteger(steps) || steps < 1) throw new CheckError(`steps: ${steps} is no whole number from 1`, undefined, undefined);
  const asked = [
    ...(typeof options.models === 'string' ? [options.models] : (options.models ?? [])),
    ...(options.type === undefined ? [] : [options.type]),
  ];
  const wanted = must(readModels(asked.length === 0 ? undefined : asked.join(',')));
  const columns = must(columnsOf(history, options.format, name));
  const recorded = must(typesFor(columns, wanted.type, name));
  const wishes = must(modelsFor(wanted.wishes, recorded, name));
  const results = wishes.map((wish): ModelResult => {
    const verdict = finish(judgeWish(wish, recorded, { steps, order: options.order === true }));
    const { keys, figures = [] } = verdict;
    const found = findingOf(columns, verdict);
    const named = keys?.map((one) => ({ key: columns.keys[one.key] as string, operations: one.operations, ...findingOf(columns, one) }));
    const measured = Object.fromEntries(figures.map((figure) => [figure.name, figure.value]));
    return { model: wish.model.name, ...found, ...(named === undefined ? {} : { keys: named }), figures: measured };
  });
  return { valid: together(results), ...about(recorded), models: results, notes: columns.notes };
}

function together(results: readonly ModelResult[]): boolean | 'unknown' {
  const valid = overall(results.map((result) => ({ valid: result.valid === 'unknown' ? ('undecided' as const) : result.valid })));
  return valid === 'undecided' ? 'unknown' : valid;
}

function about({ columns, types }: Recorded): Pick<CheckResult, 'operations' | 'keys' | 'types'> {
  return { operations: columns.count, keys: columns.keys, types: types.map((type) => type.name) };
}

function columnsOf(
  history: string | Uint8Array | readonly HistoryOperation[],
  format: CheckOptions['format'],
  name: string,
): Columns | Problem {
  if (typeof history === 'string') return readHistory(new TextEncoder().encode(history), name, format);
  if (history instanceof Uint8Array) return readHistory(history, name, format);
  if (!Array.isArray(history)) return new Problem(`${name}: it is no history`, 'give text, bytes or a list of operations');
  if (format !== undefined && format !== 'jsonl')
    return new Problem(`${name}: a list of operations is not ${format}`, 'leave the format out');
  const lines = history.map((operation) => JSON.stringify(operation) ?? 'null');
  return readHistory(new TextEncoder().encode(lines.join('\n')), name, 'jsonl');
}

function findingOf(columns: Columns, { valid, reason, witness, prefix, unplaced, order }: Found): Finding {
  const refs = (rows: readonly number[]): readonly OperationRef[] =>
    rows.map((row) => ({ id: columns.id[row] as number, line: columns.line[row] as number }));
  return {
    valid: valid === 'undecided' ? 'unknown' : valid,
    ...(reason === undefined ? {} : { reason }),
    ...(witness === undefined ? {} : { witness: refs(witness) }),
    ...(prefix === undefined ? {} : { prefix }),
    ...(unplaced === undefined ? {} : { unplaced: refs(unplaced) }),
    ...(order === undefined ? {} : { order: refs(order) }),
  };
}

/** In a library a mistake is an exception. */
function must<T>(value: T | Problem): T {
  if (!isProblem(value)) return value;
  throw new CheckError(value.toString(), value.at?.line, value.at === undefined ? undefined : value.at.from + 1);
}
