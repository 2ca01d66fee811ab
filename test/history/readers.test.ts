import { describe, expect, it } from 'vitest';
import { isProblem } from '../../src/core/problem.ts';
import type { Columns } from '../../src/history/columns.ts';
import { readHistory } from '../../src/history/read.ts';
import { readIn, told, where } from './read.ts';

describe('EDN', () => {
  const four = ['#1 0 write register 3 ok 1-2', '#2 1 read register 3 ok 3-4'];

  it.each([
    [
      'one map a line',
      '{:process 0, :type :invoke, :f :write, :value 3}\n{:process 0 :type :ok :f :write :value 3}\n{:type :invoke :f :read :process 1 :value nil}\n{:type :ok :f :read :process 1 :value 3}\n',
    ],
    [
      'one vector',
      '[{:process 0, :type :invoke, :f :write, :value 3} {:process 0 :type :ok :f :write :value 3}\n {:type :invoke :f :read :process 1 :value nil} {:type :ok :f :read :process 1 :value 3}]',
    ],
    [
      'records with tags',
      '#jepsen.history.Op{:index 0, :time 12, :type :invoke, :process 0, :f :write, :value 3}\n#jepsen.history.Op{:index 1, :time 13, :type :ok, :process 0, :f :write, :value 3}\n#jepsen.history.Op{:index 2, :time 14, :type :invoke, :process 1, :f :read, :value nil}\n#jepsen.history.Op{:index 3, :time 15, :type :ok, :process 1, :f :read, :value 3}',
    ],
    ['tuples', '[0 :invoke :write 3] [0 :ok :write 3]\n[1 :invoke :read nil] [1 :ok :read 3]'],
    ['tuples in a vector', '[[0 :invoke :write 3] [0 :ok :write 3]\n[1 :invoke :read nil] [1 :ok :read 3]]'],
    [
      'what is between, and unknown keys',
      '; a comment\n#_ {:type :ok} {:process 0, :type :invoke, :f :write, :value 3, :error ["}" \\} {:a #{1 2}}]}\n{:process :nemesis :type :info :f :start :value "cut"}\n{:process 0 :type :ok :f :write :value 3}{:type :invoke :f :read :process 1 :value nil}{:type :ok :f :read :process 1 :value 3 :valued 4}',
    ],
  ])('%s', (_, text) => {
    expect(told(text)).toEqual(four);
  });

  it('knows how an operation can end', () => {
    expect(
      told(
        '{:process 0 :type :invoke :f :cas :value [1 2]}{:process 0 :type :fail :f :cas :value [1 2]}{:process 1 :type :invoke :f :write :value 5}{:process 1 :type :info :f :write :value 5 :error :timeout}{:process 2 :type :invoke :f :read}',
      ),
    ).toEqual(['#1 0 cas register 1->2 fail 1-2', '#2 1 write register 5 unknown 3-', '#3 2 read register null unknown 4-']);
  });

  it('takes [key value] apart, and [key [old new]]', () => {
    expect(
      told(
        '{:process 0 :type :invoke :f :cas :value ["x" [nil 2]]}{:process 0 :type :ok :f :cas :value ["x" [nil 2]]}{:process 0 :type :invoke :f :read :value [7 nil]}{:process 0 :type :ok :f :read :value [7 -1]}{:process 1 :type :invoke :f :write :value [7 [1 2]]}',
      ),
    ).toEqual(['#1 0 cas x nil->2 ok 1-2', '#2 0 read 7 -1 ok 3-4', '#3 1 write 7 [1 2] unknown 5-']);
  });

  it('keeps values apart that only look alike', () => {
    const values = [
      '3',
      '"3"',
      ':3',
      'nil',
      '"nil"',
      'true',
      '"true"',
      '3.0',
      '[3]',
      '(3)',
      '#{3}',
      '{3 3}',
      '"[3]"',
      '9007199254740993',
      '9007199254740992',
      '\\3',
      '-3',
    ];
    const text = values.map((value, i) => `{:process ${i} :type :invoke :f :write :key 1 :value ${value}}`).join('\n');
    const columns = readIn(text, 1 << 20);
    if (isProblem(columns)) throw new Error(where(columns));
    expect(new Set(columns.value).size).toBe(values.length);
    const same = readIn(
      '{:process 0 :type :invoke :f :write :key 1 :value #{1 2 {:a 1 :b 2}}}{:process 1 :type :invoke :f :write :key 1 :value #{2, {:b 2N :a 1}, 1}}',
      1 << 20,
    );
    if (isProblem(same)) throw new Error(where(same));
    expect(new Set(same.value).size).toBe(1);
  });

  it('takes completions alone for moments', () => {
    expect(told('{:process 0 :type :ok :f :write :value 1}{:process 0 :type :ok :f :read :value 1}')).toEqual([
      '#1 0 write register 1 ok 1-2',
      '#2 0 read register 1 ok 3-4',
    ]);
  });

  it.each([
    [
      '{:process 0 :type :invoke :f :read}\n{:process 0 :type :invoke :f :read}',
      '2:1: process 0 begins an operation while that of line 1 is still open',
    ],
    [
      '{:process 0 :type :invoke :f :read}\n  {:process 0 :type :info :f :read}\n  {:process 0 :type :invoke :f :read}',
      '3:3: process 0 begins an operation although the end of its last one is unknown (a process goes on under a new number after :info)',
    ],
    ['{:process 0 :type :invoke :f :read}{:process 1 :type :ok :f :read}', '1:36: process 1 ends an operation that it had not begun'],
    [
      '{:process 0 :type :invoke :f :read}{:process 0 :type :ok :f :write}',
      '1:36: process 0 ends a write, and what it has open is something else',
    ],
    ['{:process 0 :type :done :f :read}', '1:19: "done" is no type of an event'],
    ['{:process 0 :type}', '1:18: a map has a key without a value'],
    ['{:process 0 :type :invoke :f :cas :value 3}', '1:42: a cas has no [old new]'],
    ['{:process 0\n :type :invoke :f :read :value [1 2}', '2:36: "}" closes nothing'],
    ['{:process 0\n :type :invoke :f :read :value 12x}', '2:32: "12x" is no EDN value'],
    ['{:process 0 :type :invoke :f :read :value "é\\q"}', '1:43: this string has an escape that EDN does not know'],
    ['{:process "é" :typo 3 :type :okay}', '1:29: "okay" is no type of an event'],
    ['{:process 0 :type :invoke :f :read}\n{:type :invoke :f :read}', '2:1: an event has no :process'],
    ['{:type :invoke :f :read}\n{:type :ok :f :write}', '2:1: an event has no :process'],
    ['{:process 0 :f :read}', '1:1: an event has no :type'],
    ['[{:process 0 :type :invoke :f :read}\n', '2:1: the text ends before its vector is closed'],
    ['{:process 0 :type :invoke', '1:25: the text ends inside a map'],
    ['[{:process 0 :type :invoke :f :read}] 3', '1:39: something stands behind the end of the history'],
    ['3', '1:1: this is no event'],
    [
      '{:process 0 :type :invoke :f :write :value [1 2]}{:process 1 :type :invoke :f :read :value nil}',
      '1:50: this operation names no key, and earlier ones do ([key value])',
    ],
    [
      '{:process 0 :type :invoke :f :read :value [1 nil]}{:process 0 :type :ok :f :read :value [2 3]}',
      '1:51: a read returns for another key than it was invoked on',
    ],
    ['', 'undefined:0: h: there are no operations in it'],
    [`{:process 0 :value ${'['.repeat(100_000)}`, '1:220: forms are nested too deep'],
  ])('refuses %#: $1', (text, says) => {
    expect(told(text, 'edn')).toBe(says);
  });
});

describe('what recordings leave out', () => {
  const columnsOf = (text: string): Columns => {
    const columns = readHistory(new TextEncoder().encode(text), 'h');
    if (isProblem(columns)) throw new Error(String(columns));
    return columns;
  };

  it('without processes each end belongs to the first open beginning of its kind', () => {
    const events = [
      '{:type :invoke :f :write :value 1}',
      '{:type :invoke :f :read}',
      '{:type :ok :f :read :value 1}',
      '{:type :ok :f :write}',
    ];
    const { call, ret, value, notes, texts } = columnsOf(events.join('\n'));
    expect([[...call], [...ret], [...value].map((code) => texts.text(code))]).toEqual([
      [1, 2],
      [4, 3],
      ['1', '1'],
    ]);
    expect(notes).toEqual(['the events name no processes: each end belongs to the first open beginning of its kind']);
  });

  it('a collection that is no pair is what was read under the key of the invocation', () => {
    const events = ['{:process 0 :type :invoke :f :add :value [7 1]}', '{:process 0 :type :ok :f :add :value [7 1]}'];
    const read = ['{:process 0 :type :invoke :f :read :value [7 nil]}', '{:process 0 :type :ok :f :read :value [1 2 3]}'];
    const { keys, value, texts } = columnsOf([...events, ...read].join('\n'));
    expect([keys, [...(texts.elements(value[1] as number) ?? [])].map((code) => texts.text(code))]).toEqual([['7'], ['1', '2', '3']]);
  });

  it('events of the nemesis alone are a history without operations', () => {
    const { count, notes } = columnsOf('{:process :nemesis :type :info :f :start :value nil}');
    expect([count, notes]).toEqual([0, ['there are no operations of clients in it']]);
  });
});

describe('logs of Jepsen', () => {
  it('passes over what is no event', () => {
    const text =
      'started\nINFO  jepsen.util - 0\t:invoke\t:write\t3\r\nINFO [2026] jepsen worker 2 - jepsen.util 1 :invoke :cas [3 4]\nINFO  jepsen.util - :nemesis :info :start nil\nINFO  jepsen.util - 0   :ok   :write   3\nINFO  jepsen.util - 1 :fail :cas [3 4]\nINFO  jepsen.util - 1 :invoke :read nil\nINFO  jepsen.util - 1 :fail :read :timed-out';
    expect(told(text)).toEqual(['#1 0 write register 3 ok 1-3', '#2 1 cas register 3->4 unequal 2-4', '#3 1 read register null fail 5-6']);
  });

  it.each([
    [
      'INFO  jepsen.util - 0\t:invoke\t:read\tnil\nINFO  jepsen.util - 0\t:invoke\t:read\tnil',
      '2:1: process 0 begins an operation while that of line 1 is still open',
    ],
    ['INFO  jepsen.util - 0\t:ok\t:read\t1', '1:1: process 0 ends an operation that it had not begun'],
    ['INFO  jepsen.util - 0\t:invoke\t:cas\t1', '1:36: a cas has no [old new]'],
    ['INFO  jepsen.util - nonsense', '1:1: this line is no Jepsen event'],
  ])('refuses %#: $1', (text, says) => {
    expect(told(text)).toBe(says);
  });
});

describe('JSON Lines', () => {
  it('are events, as Jepsen has them', () => {
    const events =
      '{"process":0,"type":"invoke","f":"write","key":"x","value":"a b"}\n{"process":"nemesis","type":"info","f":"cut"}\n{"process":"bob","type":"invoke","f":"cas","key":"x","value":[1,"c"]}\n{"process":0,"type":"ok","f":"write","key":"x","value":"a b"}\n{"process":"bob","type":"fail","f":"cas","key":"x","value":[1,"c"]}\n';
    const expected = ['#1 0 write x "a b" ok 1-3', '#2 bob cas x 1->c fail 2-4'];
    expect(told(events)).toEqual(expected);
    expect(told(`[${events.trim().split('\n').join(',')}]`)).toEqual(expected);
  });

  it('are whole operations, in any order, with ranks or times', () => {
    expect(
      told(
        '{"p":1,"k":3,"f":"r","v":null,"c":4,"r":5}\n{"p":0,"k":3,"f":"w","v":7,"c":1,"r":null}\n{"process":2,"key":3,"f":"cas","expected":7,"value":8,"call":2,"return":3,"status":"fail","compared":true}',
      ),
    ).toEqual(['#2 0 write 3 7 unknown 1-', '#3 2 cas 3 7->8 unequal 2-3', '#1 1 read 3 null ok 4-5']);
    // Times: those that touch overlap.
    expect(told('{"p":0,"k":1,"f":"w","v":1,"c":0.5,"r":1.5}\n{"p":1,"k":1,"f":"r","v":1,"c":1.5,"r":9e9}')).toEqual([
      '#1 0 write 1 1 ok 1-3',
      '#2 1 read 1 1 ok 2-4',
    ]);
  });

  it('are the rows of a run', () => {
    const rows = [
      '{"n":1,"line":1,"command":"set x 1","kind":"set","at":0,"took":1,"outcome":"ok","client":"you","node":"a","key":"x","value":"1","call":1,"return":2}',
      '{"n":2,"line":2,"command":"partition c","kind":"partition","at":1,"took":0,"outcome":"done","sides":[["a","b"],["c"]]}',
      '{"n":3,"line":3,"command":"bob: cas x @b \\"1\\" 2","kind":"cas","at":1,"took":0,"outcome":"fail","client":"bob","node":"a","key":"x","value":"2","call":3,"return":4}',
      '{"n":4,"line":4,"command":"delete x","kind":"delete","at":1,"took":0,"outcome":"unknown","client":"bob","node":"a","key":"x","call":5,"pending":true}',
      '{"n":5,"line":5,"command":"use etcd","kind":"use","at":0,"took":0,"outcome":"done"}',
      '{"n":6,"line":6,"command":"read x","kind":"read","at":0,"took":0,"outcome":"ok","client":"you","node":"a","key":"x","value":null,"stale":false,"latest":null,"call":1,"return":2}',
      '{"summary":true,"system":"etcd","seed":1,"commands":6,"expectations":{"held":0,"failed":0},"virtual_ms":1,"format":1}',
    ];
    expect(told(rows.join('\n'))).toEqual([
      '#1 you write x 1 ok 1-2',
      '#3 bob cas x 1->2 fail 3-4',
      '#4 bob write x null unknown 5-',
      '#6 you read x (cluster 2) null ok 6-7',
    ]);
    expect(told(`${rows[0]}\n{"n":2,"command":"fork b","kind":"fork","outcome":"done"}`)).toBe(
      '2:1: the session went to another timeline (fork), so its rows are not one history',
    );
  });

  it.each([
    ['{"process":0,"type":"invoke","f":"read" "key":1}', '1:41: a comma or the end of the list is missing'],
    ['{"process":0,"type":"invoke",}', '1:30: nothing stands behind the comma'],
    ['{"process" 0}', '1:12: a colon is missing'],
    ['{"process":nil}', '1:12: "nil" is no JSON value'],
    ['{process:0}', '1:2: a name in quotes is missing'],
    ['{"a":1}', '1:1: this object is nothing that a history consists of'],
    ['{"p":0,"f":"r","v":1,"c":5,"r":4}', '1:1: an operation returns before it is called'],
    ['{"p":0,"f":"r","v":1,"c":"x","r":4}', '1:1: the rank of a call or a return is no number'],
    ['{"p":0,"f":"r","v":1,"c":1,"r":4}\n{"process":0,"type":"ok"}', '2:1: this object has another form than those before it'],
    ['{"process":0,"type":"invoke","f":"re\nad"}', '1:37: a string holds a control character'],
    ['[{"p":0,"f":"r","v":1,"c":1,"r":4} {}]', '1:36: a comma or the end of the list is missing'],
    ['[{"p":0,"f":"r","v":1,"c":1,"r":4}', '1:34: the text ends inside a list'],
    [`{"p":${'['.repeat(100_000)}`, '1:206: values are nested too deep'],
  ])('refuses %#: $1', (text, says) => {
    expect(told(text, 'jsonl')).toBe(says);
  });
});

it('what is no text is told apart', () => {
  expect(told('\0\0\0')).toBe('undefined:0: h: it is not text: byte 1 is zero');
  const wide = readIn(Uint8Array.from([0xff, 0xfe, 0x7b, 0]), 100);
  expect(isProblem(wide) && wide.what).toBe('h: it is text in UTF-16');
});
