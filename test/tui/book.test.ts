import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { textWidth } from '../../src/view/width.ts';
import { bin, capTutor, Home, keys, Term, type TermOptions } from '../harness/term.ts';
import { bookFolder } from './small-book.ts';

/** The textbook as its readers have it: the program of the last build, full screen in a terminal. */
let home: Home;
beforeEach(() => {
  home = new Home();
});
afterEach(() => {
  Term.killAll();
  home.remove();
});

const state = (): string => join(home.path, 'state', 'cap-tutor');
const progressFile = (): string => join(state(), 'progress.json');
const progress = (): string => (existsSync(progressFile()) ? readFileSync(progressFile(), 'utf8') : '');

async function open(args: readonly string[] = [], options: TermOptions = {}): Promise<Term> {
  const folder = bookFolder(home.path);
  const env = { XDG_STATE_HOME: join(home.path, 'state'), ...options.env };
  return complete(capTutor([...args, '--book', folder], home, { cols: 110, rows: 30, ...options, env }));
}

/** The first frame, down to its last row. */
async function complete(term: Term): Promise<Term> {
  await term.until((screen) => screen.includes('type here') && term.rows().at(-1) !== '', 'a whole first frame');
  return term;
}

/** The reader leaves; what had to be kept is kept then. */
async function left(term: Term, typed: string): Promise<void> {
  term.send(typed);
  expect((await term.exit()).code).toBe(0);
}

/** Every row fits, and every row is there. */
function fits(term: Term): void {
  const rows = term.rows();
  expect(rows).toHaveLength(term.xterm.rows);
  for (const row of rows) expect(textWidth(row)).toBeLessThanOrEqual(term.xterm.cols);
}

describe('the first frame', () => {
  it('shows the first chapter beside its cluster, a prompt under it, and the keys', async () => {
    const term = await complete(capTutor([], home, { cols: 120, rows: 36 }));
    expect(term.alternate).toBe(true);
    const rows = term.rows();
    expect(rows[0]).toContain('The CAP theorem');
    expect(rows[2]).toMatch(/1 The CAP theorem .*etcd · 3 nodes · t 0 s/);
    expect(term.screen()).toContain('a ★');
    expect(rows[35]).toMatch(/Enter run {2}Tab prompt.*q quit/);
    fits(term);
    term.send('q');
    expect((await term.exit()).code).toBe(0);
    expect(term.alternate).toBe(false);
    expect(term.xterm.modes.bracketedPasteMode).toBe(false);
    expect(term.scrollback()).toBe('');
  });

  it('in ASCII holds nothing else, and without colour no colour; Ctrl-C on the page leaves', async () => {
    const term = await open(['--ascii'], { env: { NO_COLOR: '1' } });
    expect(term.screen()).toMatch(/^[\n -~]*$/);
    term.send(keys.enter);
    await term.sees('+ init');
    expect(term.screen()).toMatch(/^[\n -~]*$/);
    expect(term.raw).not.toMatch(/\u001b\[[\d;]*[1-9][\d;]*m/);
    term.send(keys.ctrl('c'));
    expect((await term.exit()).code).toBe(130);
    expect(term.alternate).toBe(false);
  });
});

describe('the lab', () => {
  it('says after every command which models the history still satisfies, and what broke the others', async () => {
    const term = await complete(capTutor([], home, { cols: 120, rows: 36 }));
    term.send(keys.tab);
    term.send('set x init; partition c; set x apple\r');
    await term.until((screen) => /lin(earizable)? ✓/.test(screen), 'the verdicts');
    term.send('alice@c: read x level=serializable\r');
    await term.until((screen) => /lin(earizable)? ✗ #4.*seq(uential)? ✓/.test(screen), 'the verdicts');
    term.send('read x@c\r');
    await term.until((screen) => /avail(able)? ✗ c/.test(screen), 'the verdicts');
    term.send('undo 2\r');
    await term.until((screen) => /lin(earizable)? ✓[\s\S]*avail(able)? ✓/.test(screen), 'the verdicts');
    fits(term);
    term.send(keys.ctrl('d'));
    expect((await term.exit()).code).toBe(0);
  });

  it('runs the block with the mark, line by line, after the blocks before it', async () => {
    const term = await open();
    await term.sees('▸   use etcd');
    term.send(keys.down);
    await term.sees('▸   set x apple');
    term.send(keys.enter);
    await term.sees('✓ expect x@a = apple');
    expect(term.screen()).toContain('✓ use etcd');
    expect(term.screen()).toMatch(/> set x init\s*\n.*✓ ok {2}a/);
    expect(term.screen()).toContain('x apple');
    fits(term);
  });

  it('takes commands at the prompt: the map follows, words are completed, Ctrl-C gives up the line only', async () => {
    const term = await open();
    term.send(`${keys.tab}set x pear${keys.enter}`);
    await term.sees('x pear');
    term.send(`part${keys.tab}a b | c${keys.enter}`);
    await term.sees('network {a b} | {c}');
    expect(term.rows()[2]).toMatch(/\{a b\} ╎ \{c\}/);
    term.send(`read x@c timeout=1s${keys.enter}`);
    await term.sees('? unknown');
    term.send(`nonsense${keys.ctrl('c')}${keys.up}`);
    await term.sees('> read x@c timeout=1s', 5000);
    term.send(`${keys.ctrl('u')}nonsense${keys.enter}`);
    await term.sees('there is no command "nonsense"');
    term.send(keys.escape);
    await term.sees('type here');
    term.send('w');
    await term.sees('> why');
    term.send('u');
    await term.sees('> undo');
    term.send('r');
    await term.sees('the world of this section begins anew');
    expect(term.screen()).toContain('t 0 s');
    // A long command is taken back on Ctrl-C, and keys are heard meanwhile.
    term.send(`${keys.tab}use cassandra nodes=60${keys.enter}loss n1 n2 20%${keys.enter}wait 3000d${keys.enter}`);
    await term.sees('events');
    term.send('heard');
    await term.sees('> heard');
    term.send(keys.ctrl('c'));
    await term.sees('interrupted');
    expect(term.screen()).toContain('> heard');
    expect(term.screen()).not.toContain('events');
    expect(term.exited).toBeUndefined();
  });
});

describe('exercises', () => {
  it('predict: wrong, with the reason, and then right; hints on the way', async () => {
    const term = await open(['learn', 'who-answers']);
    term.send(`h${keys.enter}`);
    await term.sees('Hint 1. Whom does c ask?');
    await term.sees('(•) 1 init');
    await term.sees('network {a b} | {c}');
    term.send(`${keys.right}${keys.right}`);
    await term.sees('90 %');
    term.send(keys.enter);
    await term.sees('It was: no answer');
    expect(term.screen()).toContain('It asks the leader first.');
    expect(term.screen()).toContain('> why');
    term.send(`${keys.enter}2`);
    await term.sees('(•) 2 no answer');
    term.send(keys.enter);
    await term.sees('✓ Right.');
    expect(term.screen()).toContain('Silence is all that c has.');
    await left(term, 'q');
    expect(JSON.parse(progress())).toMatchObject({
      at: { chapter: 'small', section: 'guess' },
      chapters: { small: { exercises: { 'who-answers': { state: 'solved', attempts: 1, hints: 1, confidence: 90, sawSolution: false } } } },
    });
  });

  it('do: the goal is ticked off as one types; a near miss is told what it missed', async () => {
    const term = await open(['learn', 'small/make-it-pear']);
    await term.sees('○ expect pear');
    term.send(keys.enter);
    await term.sees('◆ etcd');
    term.send(`set x pear${keys.enter}`);
    await term.sees('It is written. Nobody has read it.');
    expect(term.screen()).toContain('✗ expect pear');
    term.send(`read x${keys.enter}`);
    await term.sees('✓ expect pear');
    expect(term.screen()).toContain('✓ Solved.');
    term.send(`reset${keys.enter}`);
    await term.sees('○ expect pear');
  });

  it('nobody is stuck: the solution asks first, skip moves on, words do at the prompt', async () => {
    const term = await open(['learn', 'make-it-pear'], { cols: 70, rows: 20 });
    term.send('S');
    await term.sees('Show the solution? y yes, n not yet');
    term.send('n');
    await term.loses('Show the solution?');
    expect(term.screen()).not.toContain('One solution:');
    term.send('Sy');
    await term.sees('One solution:');
    term.send('s');
    await term.sees('skipped');
    term.send(keys.enter);
    await term.sees('◆ >');
    term.send(`hint${keys.enter}`);
    await term.sees('Write it first.');
    await left(term, keys.ctrl('d'));
    expect(progress()).toContain('"sawSolution": true');
  });
});

describe('the screen', () => {
  it('follows the window while one types, down to ten rows', async () => {
    const term = await open();
    term.send(`${keys.tab}set x pe`);
    await term.sees('> set x pe');
    for (const [cols, rows] of [
      [80, 24],
      [60, 15],
      [40, 10],
      [120, 36],
    ] as const) {
      term.resize(cols, rows);
      await term.until(
        () =>
          term.rows()[rows - 1]?.startsWith(' Enter run') === true &&
          !term
            .rows()
            .slice(0, -1)
            .some((row) => row.startsWith(' Enter run')),
        `a screen of ${cols} x ${rows}`,
      );
      expect(term.screen()).toContain('> set x pe');
      fits(term);
    }
    term.send(`ar${keys.enter}`);
    await term.sees('x pear');
  });

  it('SIGTERM: the terminal is given back, and the place is kept', async () => {
    const term = await open();
    term.send('nn');
    await term.sees('Make it pear');
    process.kill(term.pid, 'SIGTERM');
    expect((await term.exit()).code).toBe(143);
    expect(term.alternate).toBe(false);
    expect(JSON.parse(progress())).toMatchObject({ at: { chapter: 'small', section: 'reach' } });
  });
});

describe('what is kept', () => {
  it('opens again where the reader stopped, at the prompt with its history', async () => {
    const first = await open();
    first.send(`n${keys.tab}set y 7${keys.enter}`);
    await first.sees('y 7');
    await left(first, keys.ctrl('d'));
    const second = await open();
    expect(second.rows()[0]).toContain('1.1 Guess');
    second.send(`${keys.tab}${keys.up}`);
    await second.sees('> set y 7');
  });

  it('a damaged file is put aside and named; one of a newer version is left alone', async () => {
    mkdirSync(dirname(progressFile()), { recursive: true });
    writeFileSync(progressFile(), '{"version": 1, "chap');
    const term = await open();
    expect(term.screen()).toContain('the progress file cannot be read');
    await left(term, 'q');
    expect(progress()).toContain('"small"');
    const aside = readdirSync(state()).filter((name) => name.startsWith('progress.json.damaged'));
    expect(aside.map((name) => readFileSync(join(state(), name), 'utf8'))).toEqual(['{"version": 1, "chap']);

    const newer = '{"version": 99, "chapters": {}}';
    writeFileSync(progressFile(), newer);
    const again = await open();
    expect(again.screen()).toContain('the progress file is of version 99');
    await left(again, 'nq');
    expect(progress()).toBe(newer);
  });
});

describe('what cannot be opened', () => {
  it('a broken chapter is listed with its place, and the others open, also where nothing can be kept', async () => {
    bookFolder(home.path, { '02-bad.md': '---\ntitle: [cut\n---\n# X\n' });
    const blocked = join(home.path, 'a-file');
    writeFileSync(blocked, '');
    const term = await open([], { env: { XDG_STATE_HOME: blocked } });
    await term.sees('progress cannot be saved here');
    expect(term.screen()).toMatch(/✗ chapter {2}02-bad\.md:2: /);
    term.send('g');
    await term.sees('Where to?');
    expect(term.rows().some((row) => row.startsWith(' ✗ 02-bad.md:2'))).toBe(true);
    term.send(`${keys.down}${keys.enter}`);
    await term.sees('Who answers?');
  });

  it.each([
    [['learn', 'gues'], 'did you mean guess?'],
    [['learn', 'small/nowhere-at-all'], 'there is no chapter, section or exercise "small/nowhere-at-all"'],
  ])('%j: a sentence, and exit 2', async (args, sentence) => {
    const term = capTutor([...args, '--book', bookFolder(home.path)], home);
    expect((await term.exit()).code).toBe(2);
    expect(term.screen()).toContain(sentence);
    expect(term.raw).not.toContain('\u001b[?1049h');
  });

  it('no terminal: one sentence, and exit 2', async () => {
    const ended = await new Promise<{ readonly code: unknown; readonly stdout: string; readonly stderr: string }>((resolve) => {
      execFile(process.execPath, [bin], { env: { ...process.env, ...home.env } }, (error, stdout, stderr) =>
        resolve({ code: error?.code, stdout, stderr }),
      );
    });
    expect(ended.code).toBe(2);
    expect(ended.stdout).toBe('');
    expect(ended.stderr).toMatch(/^cap-tutor: the textbook fills a terminal.*\n$/);
    const dumb = capTutor([], home, { env: { TERM: 'dumb' } });
    expect((await dumb.exit()).code).toBe(2);
  });
});
