import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { keys, root, Term, type TermOptions } from '../harness/term.ts';

/** The demo, bundled as the product is: what is tried here is what is shipped. */
const demo = join(root, 'node_modules/.cache/tui-demo/demo.js');
beforeAll(async () => {
  const { options } = (await import(join(root, '.build/options.mjs'))) as { options: BuildOptions };
  await build({ ...options, entryPoints: [join(root, 'test/tui/app/demo.tsx')], outdir: join(root, 'node_modules/.cache/tui-demo') });
});
afterEach(() => Term.killAll());

async function open(options: TermOptions = {}): Promise<Term> {
  const term = new Term(process.execPath, [demo], { cols: 60, rows: 16, ...options });
  await term.sees('ready');
  return term;
}

const { spawn } = createRequire(import.meta.url)('@lydell/node-pty') as typeof import('@lydell/node-pty');

/** The demo under a shell that says what became of the terminal. */
async function openInShell(): Promise<Term> {
  const script = `echo before; "${process.execPath}" "${demo}"; echo "code $?"; stty -a | grep -o -e '-\\?icanon' -e '-\\?echo '; read line`;
  const term = new Term('bash', ['-c', script], { cols: 60, rows: 16 });
  await term.sees('ready');
  return term;
}

/** The user's screen is back: what was there, no mode of ours, the cursor shown and the keyboard as before. */
async function restored(term: Term, code: number): Promise<void> {
  await term.sees('echo');
  await term.sees(`code ${code}`);
  expect(term.alternate).toBe(false);
  expect(savedOnce(term)).toBe(true);
  expect(term.scrollback()).toMatch(/^before/);
  expect(term.screen()).toMatch(/^icanon/m);
  expect(term.screen()).toMatch(/^echo/m);
  expect(term.xterm.modes.bracketedPasteMode).toBe(false);
  expect(term.xterm.modes.wraparoundMode).toBe(true);
  expect(term.raw.lastIndexOf('\u001b[?25h')).toBeGreaterThan(term.raw.lastIndexOf('\u001b[?25l'));
}

/** What had to be done before leaving was done, once, and the screen was still ours. */
function savedOnce(term: Term): boolean {
  const parts = term.raw.split('\u001b]2;saved\u0007');
  return parts.length === 2 && !parts[0]?.includes('\u001b[?1049l');
}

/** The screen is given back a moment before the program stops: what would wake it must not come in between. Where there is no /proc that moment is left to chance. */
async function stopped(pid: number): Promise<void> {
  const stat = `/proc/${pid}/stat`;
  while (existsSync(stat) && !/\) T /.test(readFileSync(stat, 'utf8'))) await new Promise((next) => setImmediate(next));
}

describe('the screen', () => {
  it('is full, and ours alone', async () => {
    const term = await open();
    expect(term.alternate).toBe(true);
    expect(term.xterm.modes.bracketedPasteMode).toBe(true);
    const rows = term.rows();
    expect(rows[0]).toBe('Demo');
    expect(rows.slice(13)).toEqual(['ready', '60 x 16 stacked', '> type here']);
    const line = term.xterm.buffer.active.getLine(4);
    expect(line?.translateToString(true)).toBe('  const a = 1');
    expect(line?.getCell(2)?.getFgColor()).toBe(4);
  });

  it('is painted where CI is set, too', async () => {
    const term = await open({ env: { CI: 'true' } });
    term.send('a');
    await term.sees('> a');
  });

  it('loses no key, however fast they come', async () => {
    const term = await open();
    const text = 'the quick brown fox jumps over the lazy dog';
    for (const letter of text) term.send(letter);
    await term.sees(`> ${text}`);
    term.send(`${keys.ctrl('a')}# ${keys.enter}ab${keys.left}c${keys.enter}`);
    await term.sees('said acb');
    term.send(`${keys.up}${keys.up}`);
    await term.sees(`> # ${text}`);
  });

  it('puts the terminal cursor where one types', async () => {
    const term = await open();
    term.send('한국 x');
    await term.sees('한국 x');
    expect(term.cursor).toEqual({ x: 8, y: 15 });
    term.send(keys.left + keys.left + keys.left);
    await term.until(() => term.cursor.x === 4, 'the cursor two cells in');
  });

  it('takes a paste as one, an odd function key for nothing, and a lone Escape for itself', async () => {
    const term = await open();
    term.send(keys.paste('one\r\ntwo\r\n'));
    await term.sees('> one↵two');
    term.send(`\u001b[1;5P${keys.enter}`);
    await term.sees('said one + two');
    term.send(keys.escape);
    await term.sees('key escape');
  });

  it('follows the size of the window, down to a few cells', async () => {
    const term = await open();
    term.resize(120, 30);
    await term.sees('120 x 30 wide');
    expect(term.rows()[29]).toBe('> type here');
    term.resize(24, 5);
    await term.sees('24 x 5 stacked');
    expect(term.rows()).toHaveLength(5);
    expect(term.rows()[4]).toBe('> type here');
  });

  it('comes back from being stopped', async () => {
    const term = await open();
    process.kill(term.pid, 'SIGTSTP');
    await term.until(() => !term.alternate, 'the normal screen');
    await stopped(term.pid);
    process.kill(term.pid, 'SIGCONT');
    await term.sees('ready');
    expect(term.alternate).toBe(true);
    term.send('on');
    await term.sees('> on');
  });
});

describe('the way out', () => {
  it.each([
    ['the program ends', `exit${keys.enter}`, 0],
    ['process.exit', `quit${keys.enter}`, 7],
  ])('%s: the terminal is as it was', async (_how, typed, code) => {
    const term = await openInShell();
    term.send(typed);
    await restored(term, code);
    expect(term.scrollback()).not.toContain('ready');
  });

  it.each([
    ['a crash in a key', keys.ctrl('x'), 'Error: crashed in a key'],
    ['a rejection', `reject${keys.enter}`, 'Error: rejected'],
    ['a component that throws', `throw${keys.enter}`, 'rejected: thrown while drawing'],
  ])('%s: the terminal is as it was, and says why', async (_how, typed, why) => {
    const term = await openInShell();
    term.send(typed);
    await restored(term, 70);
    expect(term.scrollback()).toContain(why);
    expect(term.scrollback()).not.toContain('type here');
  });

  it.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
    ['SIGHUP', 129],
  ] as const)('%s: the terminal is as it was', async (signal, code) => {
    const term = await open();
    process.kill(term.pid, signal);
    expect((await term.exit()).code).toBe(code);
    expect(term.alternate).toBe(false);
    expect(savedOnce(term)).toBe(true);
    expect(term.xterm.modes.bracketedPasteMode).toBe(false);
  });

  it('a terminal that goes away: the program ends by that signal, and does not abort', async () => {
    const env = { PATH: process.env['PATH'] ?? '', TERM: 'xterm' };
    const pty = spawn(process.execPath, [demo], { cols: 60, rows: 16, env });
    const ended = new Promise<number | undefined>((resolve) => pty.onExit(({ signal }) => resolve(signal)));
    let seen = '';
    await new Promise<void>((resolve) => pty.onData((data) => (seen += data).includes('ready') && resolve()));
    // Closes the terminal's other end; the types leave it out.
    (pty as unknown as { destroy(): void }).destroy();
    expect(await ended).toBe(1);
  });
});
