import { afterAll, describe, expect, it } from 'vitest';
import { Place } from '../harness/cli.ts';

const place = new Place();
afterAll(() => place.remove());

const input = 'set x "a <b> & \'c\' # ]]>"\nexpect ok\nexpect pear\ncrash q\nset y "bell\\u0007"\nexpect "x"\n';

describe('TAP', () => {
  const { stdout, code } = place.run(['run', '-', '--format', 'tap'], input);

  it('has a version, a point for each expect and each refusal, and the plan', () => {
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toBe('TAP version 14');
    const points = lines.filter((line) => /^(not )?ok /.test(line));
    expect(points.map((line) => line.replace(/ - .*/, ''))).toEqual(['ok 1', 'not ok 2', 'not ok 3', 'not ok 4']);
    expect(points[0]).toBe('ok 1 - -:2 expect ok');
    expect(lines.at(-1)).toBe('1..4');
    expect(code).toBe(2);
  });

  it('says what was expected and what there was', () => {
    expect(stdout).toContain('  expected: "pear"\n');
    expect(stdout).toMatch(/\n {2}actual: ".+"\n/);
    expect(stdout).toMatch(/\n {2}message: ".*\\"q\\".*"\n/);
    // Each diagnostic is opened and closed.
    expect(stdout.match(/^ {2}---$/gm)).toHaveLength(3);
    expect(stdout.match(/^ {2}\.\.\.$/gm)).toHaveLength(3);
  });

  it('escapes what would be a directive', () => {
    const { stdout: marked } = place.run(['run', '-', '--format', 'tap'], 'set x 1\nexpect "1 # SKIP \\\\ x"\n');
    expect(marked).toMatch(/^not ok 1 - .*1 \\# SKIP /m);
  });

  it('counts the lines of a script that could not be read', () => {
    place.file('bad.cap', 'set x\nexpect ok\nraed x\n');
    const bad = place.run(['run', 'bad.cap', '--format', 'tap']);
    expect(bad.stdout.match(/^not ok/gm)).toHaveLength(2);
    expect([bad.stdout.trimEnd().split('\n').at(-1), bad.code]).toEqual(['1..2', 2]);
  });
});

describe('JUnit', () => {
  const { stdout, code } = place.run(['run', '-', '--format', 'junit'], input);

  it('has a case for each expect and each refusal, with sums that fit', () => {
    expect(stdout).toMatch(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n<testsuites name="cap-tutor" tests="4" failures="2" errors="1">\n/);
    expect(stdout.match(/<testcase /g)).toHaveLength(4);
    expect(stdout.match(/<failure /g)).toHaveLength(2);
    expect(stdout.match(/<error /g)).toHaveLength(1);
    expect(code).toBe(2);
  });

  it('is well-formed: what is not markup is escaped, and there is no control character', () => {
    // Away with all proper tags and entities: no bracket, quote outside text or ampersand may be left.
    const rest = stdout.replace(/<\?xml[^>]*\?>|<\/?[a-z]+(?: [a-z]+="[^"<]*")*\/?>/g, '').replace(/&(?:amp|lt|gt|quot|apos);/g, '');
    expect(rest).not.toMatch(/[<>&"]/);
    expect([...stdout].filter((char) => char < ' ' && char !== '\n')).toEqual([]);
    const opened = [...stdout.matchAll(/<([a-z]+)(?: [^>]*[^/])?>/g)].map((match) => match[1]).sort();
    const closed = [...stdout.matchAll(/<\/([a-z]+)>/g)].map((match) => match[1]).sort();
    expect(opened).toEqual(closed);
  });

  it('has a suite for each script', () => {
    place.file('a.cap', 'set x 1\nexpect ok\n');
    place.file('b.cap', 'set x 1\n');
    const two = place.run(['run', 'a.cap', 'b.cap', '--format', 'junit']);
    expect(two.stdout.match(/<testsuite name="[^"]*" tests="\d"/g)).toEqual([
      '<testsuite name="a.cap" tests="1"',
      '<testsuite name="b.cap" tests="0"',
    ]);
    expect(two.code).toBe(0);
  });
});
