import type { Row } from '../session/types.ts';

/**
 * What the program says, as data. Commands return Blocks; `view/render.ts` draws them for a width, with or without colour, in Unicode or ASCII.
 * A Meaning is never the only signal: a word or a symbol stands beside it.
 */
export type Meaning =
  | 'ok'
  | 'fail'
  | 'unknown'
  | 'stale'
  | 'leader'
  | 'cut'
  | 'lost'
  | 'down'
  | 'key'
  | 'value'
  | 'node'
  | 'dim'
  | 'strong'
  | 'accent'
  | 'heading'
  | 'error'
  | 'added'
  | 'removed'
  | 'command';

export interface Span {
  readonly text: string;
  readonly as: Meaning;
}

/** One line of text in pieces. Plain strings carry no meaning. Texts are printable (core/units.ts). */
export type Line = readonly (string | Span)[];

export type Block =
  /** Prose and results: wrapped at words; what is wrapped hangs by `indent` columns more than it began. */
  | { readonly kind: 'text'; readonly lines: readonly Line[]; readonly hang?: number }
  /** Drawn already, in columns: clipped with `…`, never wrapped. */
  | { readonly kind: 'picture'; readonly lines: readonly Line[] }
  /** Text for programs: each line stands as it is, however long. */
  | { readonly kind: 'verbatim'; readonly lines: readonly string[] }
  | { readonly kind: 'table'; readonly columns: readonly Column[]; readonly rows: readonly (readonly Line[])[] }
  /** A tree with branches drawn (`why`). */
  | { readonly kind: 'tree'; readonly roots: readonly Tree[] }
  /** How a client operation ended; `late`: a `&` operation that ended while another command ran, so its number and text stand before it. */
  | { readonly kind: 'outcome'; readonly row: Row; readonly late: boolean }
  /** A picture that needs to know the width before it can be laid out. */
  | { readonly kind: 'drawing'; readonly draw: (width: number) => readonly Line[] };

export interface Column {
  readonly title: string;
  readonly align: 'left' | 'right';
  /** Where the table is too wide, columns with `shrink` give way first (they are clipped), then text wraps. */
  readonly shrink?: boolean;
}

export interface Tree {
  readonly line: Line;
  readonly children: readonly Tree[];
}

export function styled(text: string, as: Meaning): Span {
  return { text, as };
}

export function text(...lines: Line[]): Block {
  return { kind: 'text', lines };
}

/** The characters of a line, without meanings. */
export function plain(line: Line): string {
  return line.map((piece) => (typeof piece === 'string' ? piece : piece.text)).join('');
}
