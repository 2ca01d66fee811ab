import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { capTutor, Home, keys, Term } from '../harness/term.ts';

let home: Home;
beforeEach(() => {
  home = new Home();
});
afterEach(() => {
  Term.killAll();
  home.remove();
});

const repl = (options: Parameters<typeof capTutor>[2] = {}, args: readonly string[] = []): Term =>
  capTutor(['repl', ...args], home, { cols: 80, rows: 24, ...options });

const state = (): string => join(home.path, '.local/state/cap-tutor');

describe('the prompt', () => {
  it('shows system and time, runs lines, and leaves at Ctrl-D', async () => {
    const term = repl();
    await term.sees('etcd 0 s> ');
    term.send('set x apple\r');
    await term.sees('✓ ok  a');
    await term.until((screen) => /etcd \d\.\d+ ms> $/.test(screen.trimEnd().concat(' ')));
    term.send('raed x\r');
    await term.sees('did you mean read?');
    term.send(keys.ctrl('d'));
    expect((await term.exit()).code).toBe(0);
    expect(term.raw.endsWith('\u001b[?2004l\r\n')).toBe(true);
  });

  it('is left with quit and with exit', async () => {
    for (const word of ['quit', 'exit']) {
      const term = repl();
      await term.sees('etcd 0 s> ');
      term.send(`${word}\r`);
      expect((await term.exit()).code).toBe(0);
    }
  });

  it('edits the line, completes words and shows what could come', async () => {
    const term = repl();
    await term.sees('etcd 0 s> ');
    term.send(`et x pear${keys.home}s${keys.end}\r`);
    await term.sees('✓ ok  a');
    term.send('parti\t');
    await term.sees('> partition ');
    term.send('c\r');
    await term.sees('network {a b} | {c}');
    term.send('re\t\t');
    await term.until((screen) => /\nread .*restart .*rewind/s.test(screen));
    term.send(`${keys.ctrl('u')}read x lev\tse\t\r`);
    await term.sees('read x level=serializable');
    await term.sees('✓ ok  pear');
  });

  it('gives up the line at Ctrl-C, and not the program', async () => {
    const term = repl();
    await term.sees('etcd 0 s> ');
    term.send('set x never');
    await term.sees('never');
    term.send(keys.ctrl('c'));
    await term.sees('never^C');
    term.send('read x\r');
    await term.sees('✓ ok  none');
  });

  it('takes a running command back at Ctrl-C', async () => {
    const term = repl();
    await term.sees('etcd 0 s> ');
    term.send('set x 1\r');
    await term.sees('✓ ok  a');
    // Servers that are this slow elect and lose leaders for ever: nothing here can be leapt over.
    term.send('slow b 3s; slow c 3s; loss a b 50%\rwait 9000d\r');
    await term.sees('Ctrl-C takes the command back');
    term.send(keys.ctrl('c'));
    await term.sees('interrupted  taken back');
    term.send('read x level=serializable\r');
    await term.sees('✓ ok  1');
    await term.until((screen) => /etcd \d\.\d+ ms> $/.test(`${screen.trimEnd()} `));
    expect(term.screen()).not.toContain('events;');
  });

  it('runs each line of a paste when Enter comes', async () => {
    const term = repl();
    await term.sees('etcd 0 s> ');
    term.send(keys.paste('set x one\nread x\n'));
    await term.sees('↵');
    term.send('\r');
    await term.sees('✓ ok  one');
    expect(term.screen()).toContain('> set x one\n');
  });

  it('stays on its row in a terminal of any width, and when that changes', async () => {
    const term = repl({ cols: 30 });
    await term.sees('etcd 0 s> ');
    term.send(`set x ${'abcdefghij'.repeat(10)}`);
    await term.sees('ghij');
    expect(term.cursor.y).toBe(term.rows().findIndex((row) => row.includes('etcd 0 s> ')));
    term.resize(60, 24);
    await term.until((screen) => screen.split('\n').some((row) => row.length > 50 && row.endsWith('ghij')));
    term.send('\r');
    await term.sees('✓ ok  a');
  });

  it('comes back after Ctrl-L, and after the terminal was given to a signal that ends it', async () => {
    const term = repl();
    await term.sees('etcd 0 s> ');
    term.send('read x\r');
    await term.sees('✓ ok');
    term.send(keys.ctrl('l'));
    await term.loses('✓ ok');
    await term.sees('> ');
    process.kill(term.pid, 'SIGTERM');
    expect((await term.exit()).code).toBe(143);
    expect(term.raw).toContain('\u001b[?2004l');
  });
});

describe('the history', () => {
  it('is kept from run to run, searched, and stored whole', async () => {
    const first = repl();
    await first.sees('etcd 0 s> ');
    first.send('set fruit apple\rread fruit\r');
    await first.sees('apple  a');
    first.send(keys.ctrl('d'));
    await first.exit();
    expect(JSON.parse(readFileSync(join(state(), 'history.json'), 'utf8'))).toEqual({
      format: 1,
      lines: ['set fruit apple', 'read fruit'],
    });

    const second = repl();
    await second.sees('etcd 0 s> ');
    second.send(keys.up);
    await second.sees('> read fruit');
    second.send(keys.up);
    await second.sees('> set fruit apple');
    second.send(`${keys.ctrl('u')}${keys.ctrl('r')}rea`);
    await second.sees('(search: rea) read fruit');
    second.send('\r');
    await second.sees('✓ ok  none');
  });

  it('that was cut in half is set aside and not lost', async () => {
    mkdirSync(state(), { recursive: true });
    writeFileSync(join(state(), 'history.json'), '{"format":1,"lines":["set x');
    const term = repl();
    await term.sees('the history of earlier runs was damaged');
    await term.sees('etcd 0 s> ');
    term.send('read x\r');
    await term.sees('✓ ok  none');
    const aside = readdirSync(state()).filter((name) => name.includes('damaged'));
    expect(aside.map((name) => readFileSync(join(state(), name), 'utf8'))).toEqual(['{"format":1,"lines":["set x']);
  });
});

describe('plain terminals', () => {
  it('TERM=dumb gets text and nothing else', async () => {
    const term = repl({ env: { TERM: 'dumb' } });
    await term.sees('etcd 0 s> ');
    term.send('set x 1\r');
    await term.until((screen) => /✓ ok {2}a .*\netcd .*> /.test(screen));
    term.send(`never${keys.ctrl('c')}`);
    await term.until((screen) => /\^C\netcd .*> /.test(screen));
    term.send('read x\r');
    await term.sees('✓ ok  1');
    term.send(keys.ctrl('d'));
    expect((await term.exit()).code).toBe(0);
    expect(term.raw).not.toContain('\u001b');
  });

  it('NO_COLOR takes the colours, --ascii the glyphs', async () => {
    const term = repl({ env: { NO_COLOR: '1' } }, ['--ascii']);
    await term.sees('etcd 0 s> ');
    term.send('set x 1\r');
    await term.sees('+ ok  a');
    expect(term.raw).not.toMatch(/\u001b\[[\d;]*m/);
  });

  it('starts with the cluster that was asked for', async () => {
    const term = repl({}, ['--system', 'cassandra', '--nodes', 'p,q,r', '--seed', '4']);
    await term.sees('cassandra 0 s> ');
    term.send('set x 1\r');
    await term.sees('✓ ok  p');
  });
});
