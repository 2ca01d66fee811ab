import chalk from 'chalk';
import type { RendererObject } from 'marked';
import { withoutControls } from '../terminal/keys.ts';

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
  ['nbsp', '\u00a0'],
  ['ndash', '–'],
  ['mdash', '—'],
  ['hellip', '…'],
  ['middot', '·'],
  ['times', '×'],
  ['le', '≤'],
  ['ge', '≥'],
  ['ne', '≠'],
  ['larr', '←'],
  ['rarr', '→'],
  ['harr', '↔'],
  ['uarr', '↑'],
  ['darr', '↓'],
]);

/** Marks that turn the direction of the text round them: a page could show a command that is not what it seems. */
const DIRECTION = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** A text as it may go to a terminal: no control character survives, however it was written in the source. */
export function plain(text: string, keep = ''): string {
  return withoutControls(text, keep).replace(DIRECTION, '');
}

/** Character references by name and by number. The decoding comes first: `&#27;` must not smuggle an ESC in. */
function decoded(text: string): string {
  const named = text.replace(/&(?:#x([\da-f]{1,6})|#(\d{1,7})|(\w+));/gi, (whole, hex?: string, dec?: string, name?: string) => {
    if (name !== undefined) return ENTITIES.get(name) ?? whole;
    const code = hex === undefined ? Number(dec) : Number.parseInt(hex, 16);
    return code > 0x10ffff || (code >= 0xd800 && code < 0xe000) ? whole : String.fromCodePoint(code);
  });
  return plain(named, '\n').replace(/[\n\t]/g, ' ');
}

const isWebAddress = (href: string): boolean => /^https?:/i.test(href);

/**
 * The parts of a line of prose, in the place of marked-terminal's: no emoji by name, no colon marks in code, all
 * entities decoded, no hyperlink sequences (which a scrolled pane would cut in two). Without colour, code keeps its
 * backticks: a colour is never the only sign.
 */
export const inlineRenderer: RendererObject = {
  text(token) {
    return 'tokens' in token && token.tokens ? this.parser.parseInline(token.tokens) : decoded(token.text);
  },
  codespan({ text }) {
    const code = plain(text.replace(/\s/g, ' '));
    return chalk.level === 0 ? `\`${code}\`` : chalk.yellow(code);
  },
  br() {
    return '\n';
  },
  checkbox() {
    return ''; // the list draws it as its bullet
  },
  link({ href, tokens }) {
    const text = this.parser.parseInline(tokens);
    const address = plain(href);
    // A path leads nowhere from inside a terminal; its words do for it.
    if (!isWebAddress(address) || text === address) return chalk.underline(text);
    return `${text} (${chalk.underline(address)})`;
  },
  image({ text, href }) {
    const address = plain(href);
    return chalk.dim(`[picture: ${decoded(text) || address}${isWebAddress(address) ? `, ${address}` : ''}]`);
  },
  html({ text }) {
    if (/^\s*<!--/.test(text)) return '';
    return /^<br\s*\/?>$/i.test(text.trim()) ? '\n' : chalk.dim(decoded(text));
  },
};
