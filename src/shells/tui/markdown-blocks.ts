import chalk from 'chalk';
import type { MarkedExtension, Parser, RendererObject, Token, Tokens } from 'marked';
import { drawTable } from './markdown-table.ts';
import { plain } from './markdown-text.ts';
import { styledWidth } from './styled.ts';
import { selfContained, wrapHard, wrapWords } from './wrap.ts';

/** What blocks are drawn with: line drawing and bullets, or ASCII. */
export interface Glyphs {
  readonly bullet: string;
  readonly bar: string;
  readonly rule: string;
  readonly crossing: string;
  readonly done: string;
  readonly open: string;
  readonly goesOn: string;
}

export const UNICODE: Glyphs = { bullet: '•', bar: '│', rule: '─', crossing: '┼', done: '[✓]', open: '[ ]', goesOn: '↪' };
export const ASCII: Glyphs = { bullet: '*', bar: '|', rule: '-', crossing: '+', done: '[x]', open: '[ ]', goesOn: '\\' };

/** Deeper nesting than the page is wide: the text goes on in a column of this width, and is clipped at last. */
const NARROWEST = 8;
const TAB = '    ';

/** The languages that are coloured, by the names the highlighter knows; any other it would complain about on standard error. */
const LANGUAGES: ReadonlyMap<string, string> = new Map([
  ['bash', 'bash'],
  ['sh', 'bash'],
  ['shell', 'bash'],
  ['clojure', 'clojure'],
  ['edn', 'clojure'],
  ['javascript', 'javascript'],
  ['js', 'javascript'],
  ['json', 'json'],
  ['yaml', 'yaml'],
  ['yml', 'yaml'],
]);

/**
 * The blocks of a page, `width` cells wide, in the place of marked-terminal's, which wraps by string length, and lists,
 * quotes and tables not at all. Lines come self-contained out of the wrapping, so a bullet or bar before them stays plain.
 */
export function blockRenderer(width: number, glyphs: Glyphs, base: MarkedExtension): RendererObject {
  let room = width;
  /** Draws with less room, for what is indented. */
  const inside = <T>(indent: number, drawn: () => T): T => {
    const outer = room;
    room = Math.max(Math.min(NARROWEST, outer), outer - indent);
    try {
      return drawn();
    } finally {
      room = outer;
    }
  };
  const draw = (parser: Parser, tokens: readonly Token[], gap: string): string =>
    joined(tokens, gap, (token) =>
      // The words of a tight list's item are no paragraph, and the parser would not wrap them.
      token.type === 'text' ? wrapWords(parser.parse([token]), room).join('\n') : parser.parse([token]),
    );

  return {
    space: () => '',
    paragraph(token) {
      return wrapWords(this.parser.parseInline(token.tokens), room).join('\n');
    },
    heading({ tokens, depth }) {
      const text = this.parser.parseInline(tokens);
      if (chalk.level === 0) return wrapWords(`${'#'.repeat(depth)} ${text}`, room).join('\n');
      return wrapWords(depth === 1 ? chalk.bold.underline(text) : chalk.bold(text), room).join('\n');
    },
    hr: () => chalk.dim(glyphs.rule.repeat(room)),
    blockquote({ tokens }) {
      const bar = `${chalk.dim(glyphs.bar)} `;
      return indented(
        inside(2, () => draw(this.parser, tokens, '\n\n')),
        bar,
        bar,
      );
    },
    code(token) {
      const text = painted(token, (code) => base.renderer?.code?.call(this, code) ?? false);
      const lines = inside(2, () => selfContained(text).flatMap((line) => brokenCode(line, room, glyphs.goesOn)));
      return lines.map((line) => line && `  ${line}`).join('\n');
    },
    list(token) {
      const first = token.start === '' ? 1 : token.start;
      const last = `${first + token.items.length - 1}. `;
      const items = token.items.map((item, i) => {
        const mark = item.task
          ? item.checked
            ? glyphs.done
            : glyphs.open
          : token.ordered
            ? `${first + i}.`.padStart(last.length - 1)
            : glyphs.bullet;
        const indent = styledWidth(mark) + 1;
        const body = inside(indent, () => draw(this.parser, item.tokens, item.loose ? '\n\n' : '\n'));
        return indented(body, `${mark} `, ' '.repeat(indent));
      });
      return items.join(token.loose ? '\n\n' : '\n');
    },
    table({ header, rows, align }) {
      const cell = (c: Tokens.TableCell): string => this.parser.parseInline(c.tokens);
      const strokes = { across: glyphs.rule, down: glyphs.bar, crossing: glyphs.crossing };
      return drawTable({ head: header.map(cell), rows: rows.map((row) => row.map(cell)), align }, room, strokes).join('\n');
    },
  };
}

/** Draws blocks one by one, with the gap between them in our own hands; blocks that show nothing leave no gap. */
export function joined(tokens: readonly Token[], gap: string, drawn: (token: Token) => string): string {
  return tokens
    .map(drawn)
    .filter((block) => block !== '')
    .join(gap);
}

/** A block of code, coloured if its language is known. */
function painted(token: Tokens.Code, highlight: (code: Tokens.Code) => string | false): string {
  const text = plain(token.text, '\n\t').replaceAll('\t', TAB).replace(/\n+$/, '');
  const lang = LANGUAGES.get(/^\w*/.exec(token.lang ?? '')?.[0].toLowerCase() ?? '');
  const coloured = lang === undefined ? false : highlight({ ...token, text, lang });
  // marked-terminal ends a block with two line ends of its own.
  return coloured === false ? text : coloured.replace(/\n\n$/, '');
}

/** A line of code that is too long goes on below behind a mark: it must not be taken for two. */
function brokenCode(line: string, width: number, mark: string): string[] {
  if (styledWidth(line) <= width) return [line];
  const [first = '', ...rest] = wrapHard(line, Math.max(1, width - 2));
  return [first, ...rest.map((piece) => `${chalk.dim(mark)} ${piece}`)];
}

function indented(body: string, first: string, rest: string): string {
  return body
    .split('\n')
    .map((line, i) => ((i === 0 ? first : rest) + line).trimEnd())
    .join('\n');
}
