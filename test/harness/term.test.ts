import { existsSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { svg } from './svg.ts';
import { Home, keys, Term } from './term.ts';

const node = (code: string, options = {}): Term => new Term(process.execPath, ['-e', code], { cols: 40, rows: 5, ...options });

afterEach(() => Term.killAll());

describe('a program in a terminal', () => {
  it('is written to, drawn and resized', async () => {
    const term = node(`
      process.stdin.setRawMode(true).on('data', (key) => process.stdout.write('got ' + JSON.stringify(String(key)) + '\\r\\n'));
      process.stdout.on('resize', () => process.stdout.write('now ' + process.stdout.columns + ' by ' + process.stdout.rows + '\\r\\n'));
      process.stdout.write('ready\\r\\n');
    `);
    await term.sees('ready');
    term.send(keys.up);
    await term.sees('got "\\u001b[A"');
    term.resize(30, 4);
    await term.sees('now 30 by 4');
    expect(term.rows()).toHaveLength(4);
    process.kill(term.pid, 'SIGTERM');
    expect((await term.exit()).signal).toBe(15);
  });

  it('tells the alternate screen from the scrollback, and the code it ended with', async () => {
    const term = node(`
      for (let i = 0; i < 9; i++) console.log('line ' + i);
      process.stdout.write('\\x1b[?1049hinside');
      process.stdin.on('data', () => { process.stdout.write('\\x1b[?1049l'); process.exitCode = 3; process.stdin.pause(); });
    `);
    await term.sees('inside');
    expect(term.alternate).toBe(true);
    term.send(keys.enter);
    expect(await term.exit()).toEqual({ code: 3, signal: 0 });
    expect(term.alternate).toBe(false);
    expect(term.screen()).not.toContain('line 0');
    expect(term.scrollback()).toContain('line 0');
  });

  it('shows the screen when what was awaited never comes', async () => {
    const term = node(`console.log('something else')`);
    await term.exit();
    await expect(term.sees('the thing', 20)).rejects.toThrow(
      /waited 20 ms for "the thing"; the program is ended with 0[\s\S]*something else/,
    );
  });

  it('neither inherits what decides about drawing nor shares a home', async () => {
    const home = new Home();
    const term = node(`console.log([process.env.CI, process.env.NO_COLOR, process.env.HOME === ${JSON.stringify(home.path)}].join())`, {
      env: home.env,
    });
    await term.sees(',,true');
    home.remove();
    expect(existsSync(home.path)).toBe(false);
  });
});

describe('a picture of a screen', () => {
  it('keeps colours, weight and columns, and escapes what XML would read', async () => {
    const term = node(`process.stdout.write('\\x1b[1;31m<ok>\\x1b[0m ─x \\x1b[7minv\\x1b[0m')`);
    await term.exit();
    const picture = svg(term.xterm, { title: 'a & b', rows: 1 });
    expect(picture).toContain('<text x="14.0" y="47" fill="#f38ba8" font-weight="bold">&lt;ok&gt;</text>');
    expect(picture).toContain('<text x="56.0" y="47" fill="#cdd6f4">─</text>');
    expect(picture).toContain('<text x="64.4" y="47" fill="#cdd6f4">x </text>');
    expect(picture).toContain('fill="#1e1e2e">inv</text>');
    expect(picture).toContain('>a &amp; b</text>');
    expect(picture).toMatch(/^<svg [\s\S]*<\/svg>\n$/);
  });
});
