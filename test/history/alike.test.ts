import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isProblem } from '../../src/core/problem.ts';
import { readIn } from './read.ts';

/** Values as histories have them, and such as they rarely do. */
const EDN = [
  ...[
    'nil',
    '0',
    '1',
    '7',
    '1073741823',
    '1073741824',
    '12345678901234567890',
    '-3',
    '007',
    '1.5',
    '3N',
    ':a',
    ':a/b',
    ':a#b',
    'true',
    'x',
  ],
  ...[
    '"a"',
    '"a b"',
    '"nil"',
    '"false"',
    'false',
    '"1"',
    '"é"',
    '"a\\nb"',
    '""',
    '"\u{1f600}"',
    '#{1 2}',
    '{1 2}',
    '(1)',
    '\\a',
    '#x 1',
    '#_1 2',
    '"x 1 0 y"',
  ],
] as const;
const JSON_VALUES = [
  ...['null', '0', '1', '7', '1073741823', '1073741824', '12345678901234567890', '-3', '007', '1.5', '1e3', 'true', 'nul', '-0'],
  ...[
    '"a"',
    '"a b"',
    '"null"',
    '"false"',
    'false',
    '"1"',
    '"é"',
    '"a\\nb"',
    '""',
    '"\u{1f600}"',
    '"\\ud800"',
    '{"a":1}',
    '"x 1 0 y"',
    '"nemesis"',
  ],
] as const;
const edn = fc.constantFrom(...EDN);
const json = fc.constantFrom(...JSON_VALUES);
const vector = (value: fc.Arbitrary<string>, comma: string): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 4, arbitrary: value },
    { weight: 2, arbitrary: fc.tuple(value, value).map(([a, b]) => `[${a}${comma}${b}]`) },
    { weight: 1, arbitrary: fc.tuple(value, value, value).map(([a, b, c]) => `[${a}${comma}[${b}${comma}${c}]]`) },
    { weight: 1, arbitrary: value.map((a) => `[${a}]`) },
    { weight: 1, arbitrary: fc.tuple(value, value, value).map((parts) => `[${parts.join(comma)}]`) },
  );

/** One event or operation: what stands for each field, and which form the line has. */
interface Line {
  readonly process: string;
  readonly type: string;
  readonly f: string;
  readonly key: string;
  readonly value: string;
  readonly call: string;
  readonly ret: string;
  readonly time: string;
  /** Most lines of a history are of one shape. */
  readonly shape: number;
}

const common = fc.constantFrom('0', '1', '2', '3');

/** Lines of one history: most are like the last, and a few have something rare in one place. */
function anyLines(value: fc.Arbitrary<string>, comma: string, word: (w: string) => string): fc.Arbitrary<Line[]> {
  const rare = fc.oneof({ weight: 3, arbitrary: value }, { weight: 2, arbitrary: vector(value, comma) });
  const scalars = common;
  const pairs = fc.tuple(common, common).map((two) => `[${two.join(comma)}]`);
  const changes = fc.tuple(common, common, common).map(([a, b, c]) => `[${a}${comma}[${b}${comma}${c}]]`);
  const profile = fc.record({
    words: fc.subarray(['read', 'write', 'write', 'append', 'dequeue', 'acquire', 'release', 'cas', 'txn', 'dec', 'delete', 'frob'], {
      minLength: 1,
      maxLength: 3,
    }),
    values: fc.constantFrom(scalars, scalars, pairs, pairs, fc.oneof(pairs, changes), fc.oneof(scalars, pairs)),
    shapes: fc.constantFrom([0], [1], [2], [0, 1], [0, 1, 2]),
  });
  return profile.chain(({ words, values, shapes }) => {
    const line = fc.record({
      process: common,
      type: fc.constantFrom('invoke', 'ok', 'ok', 'ok', 'fail', 'info').map(word),
      f: fc.constantFrom(...words).map(word),
      key: common,
      value: values,
      call: fc.nat(40).map(String),
      ret: fc.nat(40).map((n) => String(n + 30)),
      time: fc.nat(1e9).map(String),
      shape: fc.constantFrom(...shapes),
    });
    const field = fc.constantFrom('process', 'type', 'f', 'key', 'value', 'value', 'value', 'call', 'ret', 'time');
    const spoilt = fc.oneof(
      { weight: 5, arbitrary: fc.tuple(line, field, rare).map(([usual, name, strange]) => ({ ...usual, [name]: strange })) },
      // A nemesis looks like a client in all but its name.
      {
        weight: 1,
        arbitrary: fc
          .tuple(line, fc.constantFrom('invoke', 'info'))
          .map(([usual, type]) => ({ ...usual, process: word('nemesis'), type: word(type) })),
      },
    );
    // The first mistake is the last thing that is read, so what is rare comes when lines have been learnt.
    return fc
      .tuple(fc.array(line, { minLength: 1, maxLength: 40 }), fc.array(spoilt, { maxLength: 3 }), fc.array(line, { maxLength: 4 }))
      .map((parts) => parts.flat());
  });
}

/** A field without a value is not there. */
const isSaid = (field: string): boolean => !/[: ]$/.test(field);

type Write = (line: Line, extra: string) => string;
const events =
  (open: string, name: (n: string) => string, sep: string): Write =>
  ({ process, type, f, key, value, time, shape }, extra) => {
    const fields = [
      [name('process') + process, name('type') + type, name('f') + f, name('value') + value],
      [name('type') + type, name('f') + f, name('value') + value, name('process') + process, name('time') + time],
      [name('index') + time, name('process') + process, name('type') + type, name('f') + f, name('key') + key, name('value') + value],
    ][shape] as string[];
    return `${open}${[...fields.filter(isSaid), ...(extra === '' ? [] : [`${name(extra)}0`])].join(sep)}}`;
  };
const whole: Write = ({ process, f, key, value, call, ret, shape }, extra) => {
  const fields = [
    [`"p":${process}`, `"k":${key}`, `"f":${f}`, `"v":${value}`, `"c":${call}`, `"r":${ret}`],
    [`"f":${f}`, `"v":${value}`, `"call":${call}`, `"return":${ret}`, `"process":${process}`],
    [`"p":${process}`, `"key":${key}`, `"f":${f}`, `"v":${value}`, `"status":"ok"`, `"c":${call}`, `"r":${ret}`],
  ][shape] as string[];
  return `{${[...fields.filter(isSaid), ...(extra === '' ? [] : [`"${extra}":0`])].join(',')}}`;
};

function said(text: string, size: number): string {
  const columns = readIn(text, size);
  if (isProblem(columns)) return `${columns.at?.line}: ${columns.what}`;
  const {
    id,
    line,
    process,
    effect,
    status,
    key,
    value,
    expected,
    call,
    ret,
    keys,
    texts,
    callUs,
    returnUs,
    transactions,
    faults,
    ...rest
  } = columns;
  const told = (codes: Int32Array): string[] => Array.from(codes, (code) => `${texts.text(code)}${texts.elements(code)?.length ?? ''}`);
  return JSON.stringify([
    [id, line, effect, status, key, call, ret, callUs ?? [], returnUs ?? []].map((column) => Array.from(column)),
    [told(process), told(value), told(expected), keys, faults],
    transactions === undefined ? [] : [Array.from(transactions.from), Array.from(transactions.f), told(transactions.value)],
    [rest.count, rest.ranks, rest.keyed, rest.collections, rest.notes, [...rest.words]],
  ]);
}

/** A name that only this line has makes it unlike all others, and means nothing. */
const unlike = (i: number): string => `z${i}`;

describe('lines that are alike', () => {
  it.each([
    ['events in EDN', events('{', (n) => `:${n} `, ', '), anyLines(edn, ' ', (w) => `:${w}`)],
    ['records in EDN', events('#jepsen.history.Op{', (n) => `:${n} `, ' '), anyLines(edn, ', ', (w) => `:${w}`)],
    ['events in JSON', events('{', (n) => `"${n}":`, ','), anyLines(json, ',', (w) => `"${w}"`)],
    ['whole operations', whole, anyLines(json, ',', (w) => `"${w}"`)],
  ] as const)('say what each of them says by itself: %s', (_, write, any) => {
    let good = 0;
    fc.assert(
      fc.property(any, fc.boolean(), (lines, ended) => {
        // A process that ends what it has not begun is refused, so that most histories would say nothing: those that fit are told apart here.
        const told = inTurn(lines);
        const text = (extra: (i: number) => string): string =>
          told.map((line, i) => write(line, extra(i))).join('\n') + (ended ? '\n' : '');
        const alike = said(
          text(() => ''),
          1 << 20,
        );
        if (alike.startsWith('[')) good++;
        expect(alike).toBe(said(text(unlike), 1 << 20));
      }),
      { numRuns: 200 },
    );
    expect(good).toBeGreaterThan(20);
  });
});

it('objects of several lines are on the lines that they begin on', () => {
  const pair = '{:process 0,\n :type :invoke, :f :read}\n\n{:process 0,\n :type :ok, :f :read}\n';
  const columns = readIn(pair.repeat(4), 1 << 20);
  expect(isProblem(columns) ? columns.what : [...columns.line]).toEqual([1, 6, 11, 16]);
});

describe('a line that is alike but for one place', () => {
  it.each([
    ['events in EDN', events('{', (n) => `:${n} `, ', '), [...spoilt(EDN, ' ', (w) => `:${w}`)]],
    ['records in EDN', events('#jepsen.history.Op{', (n) => `:${n} `, ' '), [...spoilt(EDN, ', ', (w) => `:${w}`)]],
    ['events in JSON', events('{', (n) => `"${n}":`, ','), [...spoilt(JSON_VALUES, ',', (w) => `"${w}"`)]],
    ['whole operations', whole, [...spoilt(JSON_VALUES, ',', (w) => `"${w}"`, false)]],
  ] as const)('says what it says by itself: %s', (_, write, histories) => {
    let good = 0;
    for (const lines of histories) {
      const text = (extra: (i: number) => string): string => `${lines.map((line, i) => write(line, extra(i))).join('\n')}\n`;
      const alike = said(
        text(() => ''),
        1 << 20,
      );
      if (alike.startsWith('[')) good++;
      if (alike !== said(text(unlike), 1 << 20)) expect(`${alike}\n${text(() => '')}`).toBe(said(text(unlike), 1 << 20));
    }
    expect(good).toBeGreaterThan(100);
  });
});

type Unnumbered = Omit<Line, 'call' | 'ret'> & Partial<Line>;

/** A few lines that are alike, and one or two behind them with something rare in one place: each rare thing in each place. */
function* spoilt(values: readonly string[], comma: string, word: (w: string) => string, lenient = true): Generator<Line[]> {
  const usual = { key: '1', time: '5', f: word('write') };
  const places = [
    ['process', 0],
    ['type', 1],
    ['f', 2],
    ['key', 2],
    ['value', 0],
    ['call', 0],
    ['ret', 1],
    ['time', 1],
  ] as const;
  const numbered = (lines: readonly Unnumbered[]): Line[] =>
    lines.map((line, i) => ({ ...line, call: line.call ?? String(2 * i + 1), ret: line.ret ?? String(2 * i + 2) }));
  for (const [field, shape] of places) {
    for (const value of field === 'value' ? ['3', `[3${comma}4]`] : ['3']) {
      const begin = (process: string): Unnumbered => ({ ...usual, shape, value, process, type: word('invoke') });
      const end = (process: string): Unnumbered => ({ ...begin(process), type: word('ok') });
      // Lines that leave something out are learnt too.
      const part = { ...end('0'), f: '' };
      const nobody = { ...begin(word('nemesis')), type: word('x').startsWith(':') ? '' : word('info'), f: word('kill') };
      const learnt = [
        begin('0'),
        end('0'),
        ...(lenient ? [begin('0'), part, begin('0'), part, nobody] : [{ ...begin('4'), ret: '' }]),
        begin('0'),
        end('0'),
      ];
      for (const strange of [...values, `[3${comma}9]`, `[3${comma}[1${comma}2]]`, word('nemesis'), word('read'), word('info'), '']) {
        for (const f of field === 'value' ? ['write', 'read', 'cas', 'acquire'].map(word) : [usual.f]) {
          yield numbered([
            ...learnt,
            { ...begin('1'), f },
            { ...end('1'), f },
            { ...begin('1'), f, [field]: strange },
            begin('2'),
            end('2'),
          ]);
          yield numbered([...learnt, { ...begin('1'), f }, { ...end('1'), f }, { ...begin('1'), f }, { ...end('1'), f, [field]: strange }]);
        }
      }
    }
  }
}

/** Events in an order in which they may come, for most processes. */
function inTurn(lines: readonly Line[]): Line[] {
  const open = new Map<string, Line>();
  const lost = new Set<string>();
  return lines.flatMap((line) => {
    const type = line.type.replace(/[:"]/g, '');
    const before = open.get(line.process);
    if (!['invoke', 'ok', 'fail', 'info'].includes(type) || !/^\d$/.test(line.process)) return [line];
    if (lost.has(line.process)) return [];
    if (type === 'invoke') {
      if (before !== undefined) return [];
      open.set(line.process, line);
      return [line];
    }
    if (before === undefined) return [];
    open.delete(line.process);
    if (type === 'info') lost.add(line.process);
    return [{ ...line, f: before.f, shape: before.shape }];
  });
}
