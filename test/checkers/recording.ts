import { finish, type Model, type Verdict } from '../../src/checkers/model.ts';
import { type DataType, inferTypes, typeNamed } from '../../src/checkers/types.ts';
import { hash32, inRange } from '../../src/core/draw.ts';
import type { Columns } from '../../src/history/columns.ts';
import { columnsOf } from '../../src/history/of-operations.ts';
import type { Operation } from '../../src/history/operation.ts';

/** One operation as people write it down; times are ranks and microseconds at once. Without a return the outcome is unknown. */
export interface Line {
  readonly process: string;
  readonly effect: Operation['effect'];
  readonly key: string;
  readonly value: string | null | readonly string[];
  readonly expected?: string;
  readonly status: Operation['status'];
  readonly compared?: boolean;
  readonly call: number;
  readonly return: number;
}

/** The history of these operations, in any order; rows are numbered by call, and `#n` is row n - 1. */
export function columnsFrom(history: readonly Line[]): Columns {
  const sorted = history.toSorted((a, b) => a.call - b.call);
  const events = sorted.flatMap((line, i) => [
    { at: line.call, i, end: 0 },
    ...(line.status === 'unknown' ? [] : [{ at: line.return, i, end: 1 }]),
  ]);
  events.sort((a, b) => a.at - b.at || a.end - b.end || a.i - b.i);
  const rank = new Map(events.map(({ i, end }, position) => [2 * i + end, position + 1]));
  return columnsOf(
    sorted.map(({ process, effect, key, value, expected, status, compared, call, return: end }, i) => ({
      ...{ id: i + 1, process, client: process, node: 0, effect, key, value, status },
      ...(expected === undefined ? {} : { expected }),
      ...(compared === true ? { compared: true } : {}),
      callRank: rank.get(2 * i) as number,
      returnRank: rank.get(2 * i + 1) ?? Number.POSITIVE_INFINITY,
      callUs: call,
      returnUs: status === 'unknown' ? Number.POSITIVE_INFINITY : end,
    })) as Operation[],
  );
}

const EFFECTS: Readonly<Record<string, Operation['effect']>> = {
  ...{ w: 'write', r: 'read', c: 'cas', a: 'add', '+': 'append', '-': 'remove', g: 'generate' },
};

/**
 * `p w x 1`, `q r x nil`, `p c x 1 2` (from 1 to 2), `p a x 1` (add), `p - x 1` (remove), `p + x 1` (append), `q r x [1,2]`, `p g x 7`
 * (generate); with `?` at the end of an unknown and `!` of a failed one. Each begins after the one before has ended, or at times of its
 * own: `p w x 1 @3-7`.
 */
export function lines(...texts: readonly string[]): Line[] {
  return texts.map((text, i) => {
    const [what = '', times] = text.split(' @');
    const mark = what.at(-1);
    const [process = '', f = '', key = '', ...values] = what.replace(/[?!]$/, '').trim().split(' ');
    const last = values.at(-1) ?? 'nil';
    const [call = 2 * i + 1, end = 2 * i + 2] = times?.split('-').map(Number) ?? [];
    return {
      ...{ process, effect: EFFECTS[f] as Operation['effect'], key, call, return: end },
      value: last === 'nil' ? null : last.startsWith('[') ? (last.slice(1, -1).match(/[^,]+/g) ?? []) : last,
      status: mark === '?' ? 'unknown' : mark === '!' ? 'fail' : 'ok',
      ...(f === 'c' ? { expected: values[0] as string } : {}),
    };
  });
}

/** The verdict of a model on a history; types are inferred unless one is named. */
export function judged(
  model: Model,
  history: readonly Line[] | Columns,
  asked: { steps?: number; bound?: number; type?: string } = {},
): Verdict {
  const columns = 'count' in history ? history : columnsFrom(history);
  const type = asked.type === undefined ? undefined : typeNamed(asked.type);
  const types = type === undefined ? inferTypes(columns) : columns.keys.map(() => type);
  const { steps = 1_000_000, bound } = asked;
  return finish(model.judge({ columns, types: types as readonly DataType[] }, { steps, ...(bound === undefined ? {} : { bound }) }));
}

/** Whole numbers from a seed, for histories drawn by hand: the next one lies from 0 up to `below`. */
export function dice(seed: number): (below: number) => number {
  let counter = 0;
  return (below) => inRange(hash32(seed, 0, 0, 0, counter++), 0, below - 1);
}
