import { afterAll, describe, expect, it } from 'vitest';
import { Place } from '../harness/cli.ts';

const place = new Place();
afterAll(() => place.remove());

const script = [
  '# a script',
  'set x apple',
  'wait 1s',
  'partition a b',
  'read x@c level=serializable',
  'expect apple',
  'set x pear',
  'expect x@c = pear',
].join('\n');

const rows = (stdout: string): Record<string, unknown>[] =>
  stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('exit codes', () => {
  it.each([
    ['all well', 'set x 1\nexpect ok\n', 0],
    ['an operation that ends unknown', 'partition c\nread x@c\n', 0],
    ['an operation that fails', 'crash c\nread x@c\n', 0],
    ['an expectation that fails', 'set x 1\nexpect fail\n', 1],
    ['a refused command', 'crash q\nset x 1\n', 2],
    ['a refused command beats a failed expectation', 'set x 1\nexpect fail\ncrash q\n', 2],
    ['a line that is no command', 'set x 1\nraed x\n', 2],
    ['a bare check', 'set x 1\nread x\ncheck\n', 0],
    ['nothing at all', '', 0],
    ['comments and empty lines', '# one\n\n   \n# two', 0],
  ])('%s', (_, input, code) => {
    expect(place.run(['run', '-'], input).code).toBe(code);
  });

  it('the prompt, fed from a pipe, prints no prompt and exits as run does', () => {
    const input = 'set x 1\nexpect fail\n';
    const piped = place.run(['repl'], input);
    expect(piped).toEqual(place.run(['run', '-'], input));
    expect(piped.code).toBe(1);
  });
});

describe('a script file', () => {
  it('is read whole before anything runs, and every mistake is shown with its place', () => {
    place.file('bad.cap', 'set x 1\nraed x\n\n  set y@ 2 # here\nset z "open\n');
    const { stdout, stderr, code } = place.run(['run', 'bad.cap']);
    expect([stdout, code]).toEqual(['', 2]);
    expect(stderr).toMatch(/^bad\.cap:2:1: .*"raed"/);
    expect(stderr).toContain('\n  raed x\n  ^^^^\n  did you mean read?');
    expect(stderr).toMatch(/\nbad\.cap:4:8: /);
    expect(stderr).toContain('\n    set y@ 2 # here\n         ^\n');
    expect(stderr).toMatch(/\nbad\.cap:5:7: /);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it('understands words of the system that an earlier line brings in', () => {
    place.file('use.cap', 'use cassandra\nset x 1 level=quorum\nuse etcd\nset x 1 level=quorum\n');
    const { stdout, stderr, code } = place.run(['run', 'use.cap']);
    expect([stdout, code]).toEqual(['', 2]);
    expect(stderr).toMatch(/^use\.cap:4:\d+: /);
    expect(stderr).not.toContain('use.cap:2');
  });

  it('goes on after a command that was refused while it ran', () => {
    place.file('go.cap', 'crash q\r\nset x 1\r\nread x\r\n');
    const { stdout, stderr, code } = place.run(['run', 'go.cap', '--json']);
    expect(rows(stdout).map((row) => row['outcome'])).toEqual(['invalid', 'ok', 'ok', undefined]);
    expect(stderr).toMatch(/^go\.cap:1:7: .*\n {2}crash q\n {8}\^\n/);
    expect(code).toBe(2);
  });

  it('runs nothing of any script if one of them cannot be understood', () => {
    place.file('good.cap', 'set x 1\n');
    place.file('worse.cap', 'set x\n');
    const { stdout, code } = place.run(['run', 'good.cap', 'worse.cap']);
    expect([stdout, code]).toEqual(['', 2]);
  });

  it('ends at quit', () => {
    place.file('quit.cap', 'set x 1\nquit\nset x 2\n');
    const { stdout, code } = place.run(['run', 'quit.cap', '--json']);
    expect(rows(stdout).at(-1)).toMatchObject({ summary: true, commands: 2 });
    expect(code).toBe(0);
  });
});

describe('JSON Lines', () => {
  it('has its keys in the promised order, and leaves out what does not apply', () => {
    place.file('s.cap', script);
    const { stdout, stderr, code } = place.run(['run', 's.cap', '--format', 'jsonl']);
    const all = rows(stdout);
    const order =
      'n line command kind at took outcome client node key value stale latest error call return pending sides models held expected actual nodes'.split(
        ' ',
      );
    for (const row of all.slice(0, -1)) {
      const keys = Object.keys(row);
      expect(keys).toEqual(order.filter((key) => keys.includes(key)));
      for (const [key, value] of Object.entries(row)) if (value === null) expect(['value', 'latest']).toContain(key);
    }
    expect(all[0]).toMatchObject({
      n: 1,
      line: 2,
      command: 'set x apple',
      kind: 'set',
      at: 0,
      outcome: 'ok',
      client: 'you',
      node: 'a',
      key: 'x',
      value: 'apple',
    });
    expect(all[1]).toMatchObject({ n: 2, line: 3, kind: 'wait', took: 1000 });
    expect(all[2]).toMatchObject({ n: 3, line: 4, kind: 'partition', outcome: 'done', sides: [['a', 'b'], ['c']] });
    expect(all[3]).toMatchObject({
      n: 4,
      command: 'read x@c level=serializable',
      node: 'c',
      value: 'apple',
      stale: false,
      latest: 'apple',
    });
    expect(all[4]).toMatchObject({ kind: 'expect', outcome: 'done', held: true });
    expect(all[6]).toMatchObject({ kind: 'expect', held: false, expected: expect.any(String), actual: expect.any(String) });
    expect(Object.keys(all[7] ?? {})).toEqual(['summary', 'system', 'seed', 'commands', 'expectations', 'virtual_ms', 'format']);
    expect(all[7]).toMatchObject({ summary: true, system: 'etcd', seed: 1, commands: 7, expectations: { held: 1, failed: 1 }, format: 1 });
    expect([stderr, code]).toEqual(['', 1]);
  });

  it('prints virtual milliseconds as microseconds / 1000', () => {
    const { stdout } = place.run(['run', '-', '--json'], 'wait 1500us\nwait 1us\n');
    const [first, second, sum] = rows(stdout);
    expect(first).toMatchObject({ at: 0, took: 1.5 });
    expect(second).toMatchObject({ at: 1.5, took: 0.001 });
    expect(sum).toMatchObject({ virtual_ms: 1.501 });
  });

  it('prints the row of a & operation when it ends, and waits for it at the end', () => {
    const { stdout } = place.run(['run', '-', '--json'], 'set x 1 &\nset y 2\nset z 3 &\n');
    expect(rows(stdout).map((row) => row['n'])).toEqual([1, 2, 3, undefined]);
  });

  it('says null where there is no value, and only there', () => {
    const { stdout } = place.run(['run', '-', '--json'], 'read x\ncrash a\ncrash b\nread x@c\n');
    expect(stdout).toMatch(/^\{"n":1,.*"value":null,"stale":false,"latest":null,/);
    expect(rows(stdout)[3]).not.toHaveProperty('value');
  });

  it('names the file in every row where there are several scripts, each with a session of its own', () => {
    place.file('one.cap', 'set x 1\n');
    place.file('two.cap', 'read x\n');
    const all = rows(place.run(['run', 'one.cap', 'two.cap', '--json']).stdout);
    expect(all.map((row) => [row['file'], row['n'] ?? row['commands'], row['value']])).toEqual([
      ['one.cap', 1, '1'],
      ['one.cap', 1, undefined],
      ['two.cap', 1, null],
      ['two.cap', 1, undefined],
    ]);
  });

  it('is the same for the same seed, and another for another', () => {
    place.file('s.cap', script);
    const one = place.run(['run', 's.cap', '--json', '--seed', '7']);
    expect(place.run(['run', 's.cap', '--json', '--seed', '7'])).toEqual(one);
    expect(place.run(['run', 's.cap', '--json', '--seed', '8']).stdout).not.toBe(one.stdout);
    expect(rows(one.stdout).at(-1)).toMatchObject({ seed: 7 });
  });

  it('takes system and nodes from the command line', () => {
    const all = rows(place.run(['run', '-', '--json', '--system', 'Cassandra', '--nodes', 'p,q,r,s'], 'set x 1\npartition p q\n').stdout);
    expect(all[0]).toMatchObject({ node: 'p' });
    expect(all[1]).toMatchObject({
      sides: [
        ['p', 'q'],
        ['r', 's'],
      ],
    });
    expect(all[2]).toMatchObject({ system: 'cassandra' });
  });
});

describe('standard input', () => {
  it('is run line by line, as it arrives', async () => {
    const running = place.start(['run', '-', '--json']);
    running.write('set x 1\nread');
    await running.saw('"n":1');
    running.write(' x\n');
    await running.saw('"n":2');
    running.write('quit\n');
    // `quit` ends the program though its input is still open.
    const { code, stdout } = await running.ended;
    expect(code).toBe(0);
    expect(stdout).toContain('"summary":true');
  });

  it('goes on after a line that is no command', () => {
    const { stdout, stderr, code } = place.run(['run', '-', '--json'], 'set x 1\nraed x\nread x');
    expect(rows(stdout).map((row) => row['line'])).toEqual([1, 3, undefined]);
    expect(stderr).toMatch(/^-:2:1: /);
    expect(code).toBe(2);
  });
});
