import { describe, expect, it } from 'vitest';
import { finish } from '../../src/checkers/model.ts';
import { numbered } from '../../src/checkers/transactions/numbering.ts';
import { explains } from '../../src/checkers/transactions/replay.ts';
import { type Move, recorded, type Txn } from './transactions-histories.ts';

function txn(call: number, ret: number, moves: readonly Move[], status: Txn['status'] = 'ok'): Txn {
  return { moves, status, call, ret };
}

/** Whether an order of rows explains transactions. */
function replayed(type: 'list-append' | 'rw-register', txns: readonly Txn[], order: readonly number[], realTime: boolean): boolean {
  const { columns } = recorded(type, txns);
  const lists = Uint8Array.from(columns.keys, () => (type === 'list-append' ? 1 : 0));
  return finish(explains(finish(numbered(columns)), lists, Int32Array.from(order), realTime));
}

describe('an order of transactions', () => {
  const registers = [txn(1, 2, [['w', 'x', 1]]), txn(3, 6, [['w', 'x', 2]]), txn(4, 5, [['r', 'x', 1]])];
  const lists = [
    txn(1, 2, [['a', 'x', 1]]),
    txn(3, 4, [['r', 'x', [1]]]),
    txn(5, 6, [['r', 'x', [1]]]),
    txn(7, 8, [
      ['a', 'x', 2],
      ['r', 'x', [1, 2]],
    ]),
  ];

  it('explains what it gives to read', () => {
    expect(replayed('rw-register', registers, [0, 2, 1], true)).toBe(true);
    expect(replayed('rw-register', registers, [0, 1, 2], true)).toBe(false);
    expect(replayed('list-append', lists, [0, 1, 2, 3], true)).toBe(true);
    expect(replayed('list-append', lists, [0, 1, 3, 2], false)).toBe(false);
    expect(replayed('list-append', lists, [1, 0, 2, 3], false)).toBe(false);
  });

  it('has everything that is ok, once', () => {
    expect(replayed('rw-register', registers, [0, 2], false)).toBe(false);
    expect(replayed('rw-register', registers, [0, 2, 2, 1], false)).toBe(false);
    expect(replayed('rw-register', registers, [2, 1], false)).toBe(false);
  });

  it('may leave out what is of unknown outcome, whose reads say nothing', () => {
    const unknown = [...registers, txn(7, 8, [['w', 'x', 3]], 'unknown'), txn(9, 10, [['r', 'x', 9]], 'unknown')];
    expect(replayed('rw-register', unknown, [0, 2, 1], true)).toBe(true);
    expect(replayed('rw-register', unknown, [0, 2, 3, 1, 4], false)).toBe(true);
    // It was called after the others had returned.
    expect(replayed('rw-register', unknown, [0, 2, 3, 1], true)).toBe(false);
  });

  it('keeps real time only where it must', () => {
    const late = [txn(1, 2, [['w', 'x', 1]]), txn(3, 4, [['r', 'x', null]])];
    expect(replayed('rw-register', late, [1, 0], false)).toBe(true);
    expect(replayed('rw-register', late, [1, 0], true)).toBe(false);
  });
});
