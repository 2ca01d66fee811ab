import { describe, expect, it } from 'vitest';
import { inferType } from '../../src/checkers/types.ts';
import { isProblem } from '../../src/core/problem.ts';
import { type Columns, EFFECTS } from '../../src/history/columns.ts';
import { readIn, told, where } from './read.ts';

function read(text: string): Columns {
  const columns = readIn(text, 1 << 20);
  if (isProblem(columns)) throw new Error(where(columns));
  return columns;
}

/** An operation that began and ended, as two events. */
const whole = (f: string, value: string, returned = value, process = 0): string =>
  `{:process ${process} :type :invoke :f ${f} :value ${value}}\n{:process ${process} :type :ok :f ${f} :value ${returned}}\n`;

/** What the values are made of, by their texts. */
const elements = ({ value, texts }: Columns): (string[] | undefined)[] =>
  Array.from(value, (code) => {
    const parts = texts.elements(code);
    return parts === undefined ? undefined : Array.from(parts, (part) => texts.text(part) ?? 'nil');
  });

/** The micro-operations of each row. */
function micro({ transactions, keys, texts, count }: Columns): string[][] {
  if (transactions === undefined) throw new Error('there are no transactions');
  const { from, f, key, value } = transactions;
  return Array.from({ length: count }, (_, i) => {
    const said: string[] = [];
    for (let m = from[i] as number; m < (from[i + 1] as number); m++)
      said.push(`${EFFECTS[f[m] as number]} ${keys[key[m] as number]} ${texts.text(value[m] as number)}`);
    return said;
  });
}

describe('effects', () => {
  it.each([
    ['queue', whole(':enqueue', '3') + whole(':dequeue', 'nil', '3'), ['enqueue register 3', 'dequeue register 3']],
    ['lock', whole(':acquire', 'nil', '33') + whole(':release', '33'), ['acquire register 33', 'release register 33']],
    ['lock', whole(':lock', 'nil') + whole(':unlock', 'nil'), ['acquire register null', 'release register null']],
    ['lock', whole(':acquire', '[x nil]', '[x 1]') + whole(':release', '[x nil]', '[x 1]'), ["acquire 'x 1", "release 'x 1"]],
    ['ids', whole(':generate', 'nil', '-33') + whole(':generate', 'nil', '"a b"'), ['generate register -33', 'generate register "a b"']],
    [
      'counter',
      whole(':inc', 'nil') + whole(':decrement', '5') + whole(':dec', '-7') + whole(':add', '-2') + whole(':read', 'nil', '-4'),
      ['add register 1', 'add register -5', 'add register 7', 'add register -2', 'read register -4'],
    ],
    [
      'set',
      whole(':add', '1') + whole(':remove', '1') + whole(':read', 'nil', '#{}'),
      ['add register 1', 'remove register 1', 'read register []'],
    ],
    ['list', whole(':append', '["x" 1]') + whole(':read', '["x" nil]', '["x" (1)]'), ['append x 1', 'read x [1]']],
  ])('of a %s', (type, text, says) => {
    expect(told(text)).toEqual(says.map((op, i) => `#${i + 1} 0 ${op} ok ${2 * i + 1}-${2 * i + 2}`));
    expect(inferType(read(text))?.name).toBe(type);
  });

  it('of unknown outcome returned nothing', () => {
    const text =
      '{:process 0 :type :invoke :f :dequeue :value 1}{:process 0 :type :info :f :dequeue :value 2}{:process 1 :type :invoke :f :generate :value 3}{:process 1 :type :fail :f :generate :value 3}{:process 2 :type :invoke :f :acquire :value 4}';
    expect(told(text)).toEqual([
      '#1 0 dequeue register null unknown 1-',
      '#2 1 generate register null fail 2-3',
      '#3 2 acquire register null unknown 4-',
    ]);
  });
});

describe('collections', () => {
  it('are made of elements, in the order in which they were found; sets in that of their texts', () => {
    const list = read(whole(':append', '2') + whole(':read', 'nil', '[3 1 2]') + whole(':read', 'nil', '(3 1 2)'));
    expect(elements(list)).toEqual([undefined, ['3', '1', '2'], ['3', '1', '2']]);
    expect(list.value[1]).toBe(list.value[2]);
    expect(elements(read(whole(':add', '2') + whole(':read', 'nil', '#{b 30 "a" 4}')))[1]).toEqual(["'b", '30', '4', 'a']);
    const json = read('{"p":0,"f":"add","v":2,"c":1,"r":2}\n{"p":0,"f":"read","v":[3,"a",[]],"c":3,"r":4}');
    expect(elements(json)).toEqual([undefined, ['3', 'a', '[]']]);
  });

  it('that are written are values of a register', () => {
    const text = whole(':write', '[0 (1 2)]') + whole(':read', '[0 nil]', '[0 (1 2)]') + whole(':read', '[0 nil]', '[0 [1 2]]');
    const columns = read(text);
    expect(inferType(columns)?.name).toBe('register');
    expect(columns.value[0]).toBe(columns.value[1]);
    expect(columns.value[0]).not.toBe(columns.value[2]);
    // A pair is a value where the history names no keys.
    expect(told(whole(':read', 'nil', 'nil') + whole(':write', '[1 2]'))).toEqual([
      '#1 0 read register null ok 1-2',
      '#2 0 write register [1 2] ok 3-4',
    ]);
  });
});

describe('transactions', () => {
  it('are what their completions say; what nobody knows is nothing', () => {
    const columns = read(
      `${whole(':txn', '[[:append 1 2] [:r 1 nil] (:r "x")]', '[[:append 1 2] [:r 1 [2N]] [:r "x" nil]]')}{:process 0 :type :invoke :f :txn :value [[:r 1 [7]] [:append 1 -3]]}{:process 0 :type :info :f :txn :value [[:r 1 [8]]]}
{:process 1 :type :invoke :f :txn :value [[:append -1 12345678901234567890N] [:read -1 nil]]}{:process 1 :type :fail :f :txn :value [[:r 1 [8]]]}{:process 2 :type :invoke :f :txn :value [[:r 1 nil]]}`,
    );
    expect(micro(columns)).toEqual([
      ['append 1 2', 'read 1 [2]', 'read x null'],
      ['read 1 null', 'append 1 -3'],
      ['append -1 12345678901234567890', 'read -1 null'],
      ['read 1 null'],
    ]);
    expect(columns.keys).toEqual(['1', 'x', '-1']);
    expect(inferType(columns)?.name).toBe('list-append');
  });

  it('keep collections that are written as they were written', () => {
    const columns = read(whole(':txn', '[[:w 1 (2)] [:r 1 nil]]', '[[:w 1 (2)] [:r 1 (2)]]'));
    const { value } = columns.transactions as NonNullable<Columns['transactions']>;
    expect(value[0]).toBe(value[1]);
    expect(inferType(columns)?.name).toBe('rw-register');
  });

  it('of histories that say no more than they must', () => {
    const columns = read(
      '{:index 3, :type :ok, :value [[:append 1 2] [:r 1 (2)]]}\n{:type :ok :index 9 :value []}\n{:type :info :value [[:r 1 [2]]]}',
    );
    expect(micro(columns)).toEqual([['append 1 2', 'read 1 [2]'], [], ['read 1 null']]);
    expect(new Set(columns.process).size).toBe(3);
    expect(inferType(columns)?.name).toBe('list-append');
  });

  it.each([
    [
      'events',
      '[{"type":"invoke","f":"txn","process":0,"value":[["w","x",1.5],["r","y",null]]},{"type":"ok","f":"txn","process":0,"value":[["w","x",1.5],["r","y",-1]]}]',
    ],
    ['whole', '{"p":0,"f":"txn","v":[["w","x",1.5],["r","y",-1]],"c":1,"r":2}'],
  ])('in JSON as %s', (_, text) => {
    const columns = read(text);
    expect(micro(columns)).toEqual([['write x 1.5', 'read y -1']]);
    expect(inferType(columns)?.name).toBe('rw-register');
  });

  it.each([
    ['[[:w 1 2] [:r 2 nil] [:r 3 7]]', 'rw-register'],
    ['[[:w 1 [2]] [:r 2 [2]]]', 'rw-register'],
    ['[[:append 1 2] [:r 2 nil]]', 'list-append'],
    ['[[:r 1 nil] [:r 2 [1]]]', 'list-append'],
    ['[[:r 1 nil] [:r 2 1]]', 'rw-register'],
    ['[[:append 1 2] [:w 2 2]]', undefined],
    ['[[:append 1 2] [:r 2 2]]', undefined],
  ])('%s speak of %s', (value, type) => {
    expect(inferType(read(whole(':txn', value)))?.name).toBe(type);
  });

  it.each([
    ['{:process 0 :type :invoke :f :txn :value [[:append 1 2] [:rx 1 nil]]}', '1:57: this is no micro-operation'],
    ['{:process 0 :type :invoke :f :txn :value [[:w 1]]}', '1:43: this is no micro-operation'],
    ['{:process 0 :type :invoke :f :txn :value [[:r 1 2 3]]}', '1:43: this is no micro-operation'],
    ['{:process 0 :type :invoke :f :txn :value [7]}', '1:43: this is no micro-operation'],
    ['{:process 0 :type :invoke :f :txn :value 7}', '1:42: this is no transaction'],
    ['{:process 0 :type :invoke :value 7}', '1:1: an event has no :f'],
    [whole(':dequeue', '[1 nil]', '[2 3]'), '2:1: a dequeue returns for another key than it was invoked on'],
  ])('refuses %#: $1', (text, says) => {
    expect(told(text)).toBe(says);
  });
});
