import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { Place } from '../harness/cli.ts';

const place = new Place();
afterAll(() => place.remove());

const recorded = (name: string): string => fileURLToPath(new URL(`../histories/${name}`, import.meta.url));
const bad =
  '{:process 0 :type :invoke :f :write :value 1}\n{:process 0 :type :ok :f :write :value 1}\n{:process 0 :type :invoke :f :read}\n{:process 0 :type :ok :f :read :value nil}\n';

describe('check', () => {
  it('tells a valid history in one line', () => {
    place.file('good.log', readFileSync(recorded('etcd_002.log')));
    expect(place.run(['check', 'good.log'])).toEqual({
      stdout: '✓ valid  good.log: linearizable, as a cas-register: 77 operations\n',
      stderr: '',
      code: 0,
    });
    expect(place.run(['check', 'good.log', '--model', 'linearizable,kv', '--format', 'porcupine']).stdout).toContain(
      'as a kv: 77 operations',
    );
  });

  it('shows the smallest counterexample of an invalid one', () => {
    const { stdout, stderr, code } = place.run(['check', '-'], bad);
    expect(stdout).toBe(
      [
        '✗ invalid  -: linearizable, as a register: 2 operations',
        '',
        '#2 read no value although #1 had written 1 before #2 began',
        '1 0    ├W 1───────────┤ ✓ ok',
        '2 0   !                              ├R──────────────┤ ✓ ok none',
        'in order of time, not to scale',
        '#1 on line 1, #2 on line 3',
        'valid as far as its first 3 events',
        '',
      ].join('\n'),
    );
    expect([stderr, code]).toEqual(['', 1]);
  });

  it('judges keys one by one', () => {
    const { stdout, code } = place.run(['check', recorded('c01-bad.txt')]);
    expect(stdout).toMatch(/^"7" +✗ invalid +5$/m);
    expect(stdout.match(/^"\d" +✓ valid/gm)).toHaveLength(7);
    expect(code).toBe(1);
  });

  it('prints a JSON object for each key and one for the whole', () => {
    const { stdout, code } = place.run(['check', '--json', '-'], bad);
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual([
      {
        model: 'linearizable',
        type: 'register',
        key: 'register',
        operations: 2,
        valid: false,
        witness: [1, 2],
        lines: [1, 3],
        reason: '#2 read no value although #1 had written 1 before #2 began',
        prefix: 3,
        unplaced: [2],
      },
      { summary: true, file: '-', operations: 2, keys: 1, models: { linearizable: { valid: false } }, format: 1 },
    ]);
    expect(code).toBe(1);
  });

  it('judges what run prints', () => {
    const run = place.run(
      ['run', '--json', '-'],
      'set x 1\nset x 2\npartition a\nset x 3@a timeout=1s\nread x@c level=serializable\ncas x 2 5@b\nread x@b\n',
    );
    expect(run.stdout).toContain('"kind":"cas"');
    const { stdout, stderr, code } = place.run(['check', '-'], run.stdout);
    expect(stdout).toMatch(/^✓ valid {2}-: linearizable, as a cas-register: \d operations\n$/);
    expect([stderr, code]).toEqual(['', 0]);
  });

  it('says that it could not decide', () => {
    const rows: string[] = [];
    for (let i = 0; i < 30; i++) rows.push(`{"p":${i},"k":1,"f":"w","v":${i % 29},"c":${i},"r":${100 + i}}`);
    for (let i = 0; i < 9; i++) rows.push(`{"p":40,"k":1,"f":"r","v":${i % 2},"c":${200 + 2 * i},"r":${201 + 2 * i}}`);
    const { stdout, code } = place.run(['check', '-', '--model', 'sequential', '--steps', '50'], rows.join('\n'));
    expect(stdout).toMatch(/^\? undecided/);
    expect(code).toBe(3);
  });
});

describe('check of what cannot be checked', () => {
  it.each([
    ['a file that is not there', ['check', 'missing.edn'], '', /^cap-tutor: missing\.edn: there is no such file\n$/],
    ['a folder', ['check', '.'], '', /^cap-tutor: \.: it is a directory\n$/],
    ['nothing', ['check', '-'], '', /^cap-tutor: -: there are no operations in it\n/],
    [
      'a broken map',
      ['check', '-'],
      '{:process 0 :type :invoke\n :f :read]\n',
      /^-:2:10: "]" closes nothing\n {3}:f :read]\n {11}\^\n {2}a form was expected here/,
    ],
    [
      'a process that overlaps itself',
      ['check', '-'],
      `${bad}${bad.split('\n')[0]}\n${bad}`,
      /^-:6:1: process 0 begins an operation while that of line 5 is still open\n/,
    ],
    [
      'a model that is none',
      ['check', '-', '--model', 'linearisable'],
      bad,
      /--model: there is no model "linearisable"\n {2}did you mean linearizable\?/,
    ],
    ['two types', ['check', '-', '--model', 'register,kv'], bad, /register and kv contradict each other/],
    ['a format that is none', ['check', '-', '--format', 'xml'], bad, /edn, jsonl, porcupine/],
    ['another format', ['check', '-', '--format', 'jsonl'], bad, /^-:1:2: a name in quotes is missing\n/],
    [
      'a model that does not fit',
      ['check', '-', '--model', 'register'],
      '{:process 0 :type :invoke :f :read}\n{:process 1 :type :invoke :f :cas :value [1 2]}',
      /^cap-tutor: -:2: a register has no cas\n {2}what fits these operations: cas-register, kv\n$/,
    ],
    [
      'operations of no model',
      ['check', '-'],
      '{:process 0 :type :invoke :f :transfer :value {:from 1 :to 2}}',
      /no type of object has all of its operations: transfer \(line 1\)/,
    ],
    ['steps that are no number', ['check', '-', '--steps', 'many'], bad, /--steps: "many" is not a whole number/],
    ['two files', ['check', 'a', 'b'], '', /too many arguments/],
    ['no file', ['check'], '', /^cap-tutor: check: which history\? name a file, or - for standard input\n$/],
  ])('%s', (_, words, input, says) => {
    const { stdout, stderr, code } = place.run(words, input);
    expect(stderr).toMatch(says);
    expect([stdout, code]).toEqual(['', 2]);
  });
});
