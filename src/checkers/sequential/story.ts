import { APPEND, type Columns, FAIL, NEVER, OK, READ, UNEQUAL, UNKNOWN } from '../../history/columns.ts';
import { amountsOf } from '../objects/counters.ts';
import type { Machine } from '../objects/machine.ts';
import { counterMachine, sequenceMachine, setMachine } from '../objects/machines.ts';
import type { DataType } from '../types.ts';
import { type RegisterDeeds, registerMachine, textMachine } from './registers.ts';

/** One object's operations, and what they are among all. */
export interface Own {
  readonly type: DataType;
  readonly deeds: RegisterDeeds;
  /** Its operations as operations of the story. */
  readonly ops: Int32Array;
}

/** All operations that count, of all objects: what failed is left out, and so are reads of which nobody saw the end. They stand in order of call. */
export interface Story {
  readonly columns: Columns;
  readonly count: number;
  readonly rows: Int32Array;
  /** The process of each, as a number from 0, and how many certain operations of it come before. */
  readonly process: Int32Array;
  readonly place: Int32Array;
  readonly certain: Uint8Array;
  /** The certain operations of each process in order. */
  readonly chains: readonly Int32Array[];
  readonly objects: readonly Own[];
  /** For each operation its object and its number there. */
  readonly object: Int32Array;
  readonly local: Int32Array;
}

export function storyOf(columns: Columns, types: readonly DataType[], some: ArrayLike<number>): Story {
  const { status, effect, key } = columns;
  const kept: number[] = [];
  for (let i = 0; i < some.length; i++) {
    const row = some[i] as number;
    if (status[row] === FAIL || (effect[row] === READ && status[row] !== OK)) continue;
    kept.push(row);
  }
  const count = kept.length;
  const numbers = new Map<number, number>();
  const chains: number[][] = [];
  const story = {
    ...{ columns, count, rows: Int32Array.from(kept) },
    ...{ process: new Int32Array(count), place: new Int32Array(count), certain: new Uint8Array(count) },
    ...{ object: new Int32Array(count), local: new Int32Array(count) },
  };
  const objectOf = new Map<number, number>();
  const ops: number[][] = [];
  const keys: number[] = [];
  for (let i = 0; i < count; i++) {
    const row = kept[i] as number;
    const name = columns.process[row] as number;
    const process = numbers.get(name) ?? chains.push([]) - 1;
    numbers.set(name, process);
    const chain = chains[process] as number[];
    story.process[i] = process;
    story.place[i] = chain.length;
    if (status[row] !== UNKNOWN) {
      story.certain[i] = 1;
      chain.push(i);
    }
    const object = objectOf.get(key[row] as number) ?? keys.push(key[row] as number) - 1;
    objectOf.set(key[row] as number, object);
    if (ops[object] === undefined) ops[object] = [];
    story.object[i] = object;
    story.local[i] = (ops[object] as number[]).push(i) - 1;
  }
  const objects = ops.map((own, object): Own => {
    const type = types[keys[object] as number];
    if (type === undefined) throw new Error('every key has a type before it is judged');
    return {
      type,
      ops: Int32Array.from(own),
      deeds: deedsOf(
        columns,
        Int32Array.from(own, (i) => kept[i] as number),
      ),
    };
  });
  return { ...story, chains: chains.map((chain) => Int32Array.from(chain)), objects };
}

function deedsOf({ status, effect, value, expected, process, texts }: Columns, rows: Int32Array): RegisterDeeds {
  const unknown = (row: number): boolean => status[row] === UNKNOWN;
  return {
    count: rows.length,
    texts,
    effect: Uint8Array.from(rows, (row) => effect[row] as number),
    value: rows.map((row) => value[row] as number),
    expected: rows.map((row) => expected[row] as number),
    process: rows.map((row) => process[row] as number),
    ret: rows.map((row) => (unknown(row) ? NEVER : 1)),
    unequal: Uint8Array.from(rows, (row) => (status[row] === UNEQUAL ? 1 : 0)),
  };
}

/** What an object does. */
export function machineOf({ type, deeds }: Own): Machine {
  switch (type.name) {
    case 'counter':
      return counterMachine(deeds, amountsOf(deeds));
    case 'set':
      return setMachine(deeds);
    case 'list':
    case 'queue':
      return sequenceMachine(deeds);
    default:
      return deeds.effect.includes(APPEND) ? textMachine(deeds) : registerMachine(deeds);
  }
}
