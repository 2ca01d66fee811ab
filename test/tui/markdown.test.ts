import chalk from 'chalk';
import fc from 'fast-check';
import stringWidth from 'string-width';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { renderMarkdown } from '../../src/shells/tui/markdown.ts';
import { styledWidth } from '../../src/shells/tui/styled.ts';

const bare = (text: string): string => text.replace(/\u001b\[[\d;]*m/g, '');
/** The text of a page without its styles. */
const page = (source: string, width = 50): string => renderMarkdown(source, width).map(bare).join('\n');
/** A page with styles named: `{1}` for bold and so on. */
const styled = (source: string, width = 50): string =>
  renderMarkdown(source, width)
    .join('\n')
    .replace(/\u001b\[([\d;]*)m/g, '{$1}');

const level = chalk.level;
beforeEach(() => {
  chalk.level = 1;
});
afterEach(() => {
  chalk.level = level;
});

describe('inline text', () => {
  it.each([
    ['- **Bold** and `code`', '• {1}Bold{22} and {33}code{39}'],
    ['a *b* ~~c~~', 'a {3}b{23} {2}{90}{9}c{29}{39}{22}'],
    ['`a: b::c`', '{33}a: b::c{39}'],
    ['**bold with `code` in it**', '{1}bold with {33}code{39} in it{22}'],
    ['[words](https://x.org/a+b)', 'words ({4}https://x.org/a+b{24})'],
    ['<https://x.org>', '{4}https://x.org{24}'],
    ['[next](02-raft.md)', '{4}next{24}'],
    ['![a map](map.png)', '{2}[picture: a map]{22}'],
  ])('%s', (source, expected) => {
    expect(styled(source)).toBe(expected);
  });

  it.each([
    ['a &amp; b &lt;c&gt; &quot;d&quot; &#39;e&#39;', 'a & b <c> "d" \'e\''],
    ['&mdash; &rarr; &#x2713; &unknown; &#55296;', '— → ✓ &unknown; �'],
    [':smile: :heart:', ':smile: :heart:'],
    ['one\ntwo', 'one two'],
    ['one  \ntwo<br>three', 'one\ntwo\nthree'],
    ['a<!-- note -->b', 'ab'],
    ['\\*not bold\\*', '*not bold*'],
  ])('%s', (source, expected) => {
    expect(page(source)).toBe(expected);
  });
});

describe('blocks', () => {
  it('wraps a paragraph and closes a style on every line', () => {
    expect(styled('This is **bold that goes on over the end of one line** here.', 25)).toBe(
      'This is {1}bold that goes on{22}\n{1}over the end of one line{22}\nhere.',
    );
  });

  it('wraps what stands in a list under its text', () => {
    expect(page('- a long item that must be wrapped\n- short', 20)).toBe('• a long item that\n  must be wrapped\n• short');
  });

  it('counts from where the list does, and lines the numbers up', () => {
    expect(page('5. five\n6. six')).toBe('5. five\n6. six');
    expect(page('9. nine\n10. ten')).toBe(' 9. nine\n10. ten');
  });

  it('draws tasks once', () => {
    expect(page('- [ ] todo\n- [x] done\n')).toBe('[ ] todo\n[✓] done');
    expect(page('- [ ] todo\n\n- [x] done\n')).toBe('[ ] todo\n\n[✓] done');
  });

  it('nests lists without stray lines', () => {
    expect(page('- a\n  - b\n    - c\n- d\n  1. e\n\nafter')).toBe('• a\n  • b\n    • c\n• d\n  1. e\n\nafter');
  });

  it('keeps blocks within an item apart', () => {
    expect(page('- a\n\n  b\n\n      code\n\n- c')).toBe('• a\n\n  b\n\n    code\n\n• c');
  });

  it('draws a quote with its bar on every line, lists within included', () => {
    expect(styled('> **Note** that this is long enough\n>\n> - item', 22)).toBe(
      '{2}│{22} {1}Note{22} that this is\n{2}│{22} long enough\n{2}│{22}\n{2}│{22} • item',
    );
  });

  it('draws rules as wide as there is room', () => {
    expect(page('---', 12)).toBe('─'.repeat(12));
    expect(page('> ---', 12)).toBe(`│ ${'─'.repeat(10)}`);
  });

  it('keeps the blanks and empty lines of code, and says where a line goes on', () => {
    expect(page('```\na  b\n\n\n\tc\n```')).toBe('  a  b\n\n\n      c');
    expect(page('```\n0123456789abcdef\n```', 12)).toBe('  01234567\n  ↪ 89abcdef');
  });

  it('leaves out what has no picture on a terminal, and its gap', () => {
    expect(page('a\n\n<!-- an editor reads this -->\n\n[x]: http://x.org\n\nb')).toBe('a\n\nb');
    expect(page('')).toBe('');
  });

  it('measures in columns, not in characters', () => {
    const lines = renderMarkdown('일관성과 가용성 사이에서 고르는 일은 네트워크가 끊어졌을 때에만 해야 한다', 20);
    for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(20);
    expect(lines.length).toBeGreaterThan(2);
  });
});

describe('tables', () => {
  const table = '| System | During a partition | Else |\n|---|:-:|--:|\n| etcd | consistent | 1.6 ms |\n| Cassandra | available | 0.4 ms |';

  it('aligns its columns', () => {
    expect(page(table)).toBe(
      [
        'System    │ During a partition │   Else',
        '──────────┼────────────────────┼───────',
        'etcd      │     consistent     │ 1.6 ms',
        'Cassandra │     available      │ 0.4 ms',
      ].join('\n'),
    );
  });

  it('takes room from the widest column, and draws rules between rows of several lines', () => {
    expect(page(table, 34)).toBe(
      [
        'System    │   During a    │   Else',
        '          │   partition   │',
        '──────────┼───────────────┼───────',
        'etcd      │  consistent   │ 1.6 ms',
        'Cassandra │   available   │ 0.4 ms',
      ].join('\n'),
    );
    const wordy = '| a | b |\n|---|---|\n| one two | x |\n| three | y |';
    expect(page(wordy, 9)).toBe('a     │ b\n──────┼──\none   │ x\ntwo   │\n──────┼──\nthree │ y');
  });

  it('turns into a list where its words do not fit side by side', () => {
    expect(page(table, 22)).toBe(
      'etcd\n  During a partition:\n  consistent\n  Else: 1.6 ms\n\nCassandra\n  During a partition:\n  available\n  Else: 0.4 ms',
    );
  });
});

describe('a terminal without colour or line drawing', () => {
  it('marks code and headings by signs', () => {
    chalk.level = 0;
    expect(renderMarkdown('# A\n\n`b` **c**', 20)).toEqual(['# A', '', '`b` c']);
  });

  it('draws in ASCII', () => {
    chalk.level = 0;
    const source = '- a\n  - [x] b\n\n> q\n\n---\n\n| a | b |\n|---|---|\n| c | d |\n\n```\n0123456789\n```';
    const lines = renderMarkdown(source, 10, { ascii: true });
    expect(lines.join('\n')).toMatch(/^[ -~\n]*$/);
    expect(lines.join('\n')).toContain('* a\n  [x] b\n\n| q\n\n----------\n\na | b\n--+--\nc | d\n\n  012345\n  \\ 6789');
  });
});

describe('nothing leaks', () => {
  it('says nothing about a language that it does not know', () => {
    const error = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const write = vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
    try {
      expect(page('```js\nconst a = 1\n```')).toBe('  const a = 1');
      expect(styled('```nosuch\nconst a = 1\n```')).toBe('  const a = 1');
      expect(styled('```cap\nset x 1\n```')).toBe('  set x 1');
      expect(page('```edn\n{:f :read}\n```')).toBe('  {:f :read}');
      expect(error).not.toHaveBeenCalled();
      expect(write).not.toHaveBeenCalled();
    } finally {
      vi.restoreAllMocks();
    }
  });

  it.each([
    'a\u001b[31mb\u001b]0;title\u0007c',
    '`a\u001b[2Jb`',
    '```\n\u001b[2J\u009b2J\n```',
    '```js\nlet a = "\u001b[2J"\n```',
    '# \u001b[2J',
    '[a](http://x.org/\u001b[2J)',
    '![a\u001b[2J](http://x.org/\u001b)',
    '| a\u001b[2J |\n|---|\n| b\u0008 |',
    '<b>\u001b[2J</b>',
    '&#27;[2J &#x1b;[2J &#x9b;2J &#8;',
    '[a](http://x.org/&#27;[2J)',
    '`&#27;`',
    'a\u202eb\u2066c',
  ])('of %j', (source) => {
    for (const line of renderMarkdown(source, 30)) {
      expect(bare(line)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
      expect(line.replace(/\u001b\[(?:\d+;?)+m/g, '')).toBe(bare(line));
    }
  });

  it('shows a page that is nested beyond all measure as it was written', () => {
    const lines = renderMarkdown(`${'>'.repeat(20_000)} a`, 60);
    expect(lines.join('')).toContain('>>>>');
    for (const line of lines) expect(styledWidth(line)).toBeLessThanOrEqual(60);
  });
});

describe('the law of the page', () => {
  const text = fc
    .array(
      fc.constantFrom(
        ...[
          'word ',
          'consistency',
          ' ',
          '**',
          '*',
          '`',
          '~~',
          '[a](http://x.org/long/way)',
          '한국어',
          '👩‍👩‍👧',
          '&amp;',
          '&#27;',
          '\u001b[31m',
          '\n',
          '  \n',
          '|',
          ':',
        ],
      ),
      { maxLength: 14 },
    )
    .map((parts) => parts.join(''));
  const block = fc.oneof(
    text,
    fc
      .tuple(fc.constantFrom('# ', '> ', '- ', '1. ', '> - ', '- [x] ', '    ', '  - ', '> > > > > '), text)
      .map(([mark, t]) => mark + t.replaceAll('\n', `\n${' '.repeat(mark.length)}`)),
    text.map((t) => `\`\`\`js\n${t}\n\`\`\``),
    fc
      .array(
        text.map((t) => t.replace(/[|\n]/g, '')),
        { minLength: 4, maxLength: 4 },
      )
      .map(([a, b, c, d]) => `| ${a} | ${b} |\n|---|:-:|\n| ${c} | ${d} |`),
  );
  const source = fc.array(block, { maxLength: 6 }).map((blocks) => blocks.join('\n\n'));

  it('no line is wider than asked, none leaks, each stands alone', () => {
    fc.assert(
      fc.property(source, fc.oneof(fc.integer({ min: 40, max: 100 }), fc.integer({ min: 1, max: 40 })), (md, width) => {
        for (const line of renderMarkdown(md, width)) {
          expect(styledWidth(line), JSON.stringify(line)).toBeLessThanOrEqual(width);
          expect(bare(line)).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
          const opened = [...line.matchAll(/\u001b\[(\d+)m/g)].map(([, code]) => Number(code));
          const last = opened.at(-1);
          // Whatever opens is closed: the last thing said is an end.
          expect(last === undefined || last === 0 || (last >= 22 && last <= 29) || last === 39 || last === 49).toBe(true);
        }
      }),
      { numRuns: 400 },
    );
  });
});
