import { describe, expect, it } from 'vitest';
import { typesFor } from '../../src/checkers/wanted.ts';
import { isProblem } from '../../src/core/problem.ts';
import { readIn, told } from './read.ts';

describe('operations that cannot be', () => {
  it.each([
    [
      'a whole operation during another of its process',
      '{"p":0,"k":1,"f":"w","v":1,"c":1,"r":3}\n{"p":0,"k":1,"f":"w","v":2,"c":2,"r":4}',
      '2:1: process 0 begins an operation while that of line 1 is still open',
    ],
    [
      'the same, in any order',
      '{"p":0,"k":1,"f":"w","v":2,"c":5,"r":6}\n{"p":1,"k":1,"f":"r","v":2,"c":1,"r":9}\n{"p":0,"k":1,"f":"w","v":1,"c":1.5,"r":5.5}',
      '3:1: process 0 begins an operation while that of line 1 is still open',
    ],
    [
      'a row during another of its process',
      '{"n":1,"kind":"set","outcome":"ok","client":"you","key":"x","value":"1","call":1,"return":3,"process":"p"}\n{"n":2,"kind":"set","outcome":"ok","client":"you","key":"x","value":"1","call":2,"return":4,"process":"p"}',
      '2:1: process p begins an operation while that of line 1 is still open',
    ],
    [
      'two completions',
      '{:process 0 :type :invoke :f :read}\n{:process 0 :type :ok :f :read}\n{:process 0 :type :ok :f :read}',
      '3:1: process 0 ends an operation that it had not begun',
    ],
    [
      'a completion of a process that was given up',
      '{:process 0 :type :invoke :f :read}\n{:process 0 :type :info :f :read}\n{:process 0 :type :ok :f :read}',
      '3:1: process 0 ends an operation that it had not begun',
    ],
    [
      'a key here and none there',
      '{"p":0,"k":1,"f":"w","v":1,"c":1,"r":3}\n{"p":0,"f":"w","v":2,"c":4,"r":5}',
      '2:1: this operation names no key, and earlier ones do ([key value])',
    ],
  ])('%s', (_, text, says) => {
    expect(told(text)).toBe(says);
  });

  it('but whoever got no answer may go on, and nobody knows whose operations without a process are', () => {
    expect(told('{"p":0,"k":1,"f":"w","v":1,"c":1,"r":null}\n{"p":0,"k":1,"f":"w","v":2,"c":2,"r":4}')).toHaveLength(2);
    expect(told('{"k":1,"f":"w","v":1,"c":1,"r":3}\n{"k":1,"f":"w","v":2,"c":2,"r":4}')).toHaveLength(2);
  });
});

describe('types that contradict each other', () => {
  const judged = (text: string): string => {
    const columns = readIn(text, 1 << 20);
    if (isProblem(columns)) return columns.what;
    const found = typesFor(columns, undefined, 'h');
    return isProblem(found) ? found.what : found.types.map(({ name }) => name).join();
  };
  const rows = (...ops: string[]): string => ops.map((op, i) => `{"p":0,${op},"c":${2 * i},"r":${2 * i + 1}}`).join('\n');

  it.each([
    [
      rows('"k":"y","f":"add","v":1', '"k":"x","f":"w","v":1', '"k":"x","f":"r","v":1', '"k":"x","f":"enqueue","v":1'),
      'h:4: no type of object has this enqueue of x and the write of it on line 2',
    ],
    [
      rows('"k":"x","f":"add","v":1', '"k":"x","f":"r","v":1', '"k":"x","f":"r","v":[1]'),
      'h:3: no type of object has this read of x and the read of it on line 2',
    ],
    [rows('"k":"x","f":"w","v":1', '"k":"y","f":"frob"'), 'h: no type of object has all of its operations: w (line 1), frob (line 2)'],
    [rows('"k":"x","f":"w","v":[1]', '"k":"x","f":"r","v":1', '"k":"x","f":"r","v":[1]'), 'register'],
    [rows('"k":"x","f":"w","v":1', '"k":"y","f":"acquire"'), 'register,lock'],
  ])('%#: $1', (text, says) => {
    expect(judged(text)).toBe(says);
  });
});
