import { Marked, Parser } from 'marked';
import { markedTerminal } from 'marked-terminal';
import { ASCII, blockRenderer, joined, UNICODE } from './markdown-blocks.ts';
import { inlineRenderer, plain } from './markdown-text.ts';
import { clip } from './styled.ts';
import { selfContained, wrapHard } from './wrap.ts';

export interface MarkdownOptions {
  /** Draw with ASCII only. */
  readonly ascii?: boolean;
}

/**
 * Markdown as lines for a terminal pane. No line is wider than `width` cells; each opens and closes its own styles, so
 * any stretch of them can be shown; of control characters only those styles are left, whatever the source holds.
 *
 * This module loads marked and marked-terminal and asks about colour as it is imported: import it when a page is to be
 * drawn, not before.
 */
export function renderMarkdown(source: string, width: number, options: MarkdownOptions = {}): readonly string[] {
  const room = Math.max(1, Math.floor(width));
  const text = plain(source.replace(/\r\n?/g, '\n'), '\n\t');
  return draw(text, room, options).map((line) => clip(line, room));
}

function draw(text: string, room: number, options: MarkdownOptions): string[] {
  const marked = new Marked();
  const base = markedTerminal({ emoji: false, reflowText: false, showSectionPrefix: false, tab: 0 });
  marked.use(base, { renderer: inlineRenderer }, { renderer: blockRenderer(room, options.ascii ? ASCII : UNICODE, base) });
  try {
    const parser = new Parser(marked.defaults);
    const drawn = joined(marked.lexer(text), '\n\n', (token) => parser.parse([token]));
    return drawn === '' ? [] : selfContained(drawn);
  } catch (error) {
    // Thousands of quotes within quotes exhaust marked's stack: such a page is shown as it was written.
    if (error instanceof RangeError) return wrapHard(text.replaceAll('\t', ' '), room);
    throw error;
  }
}
