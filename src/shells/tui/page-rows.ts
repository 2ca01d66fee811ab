import type { Exercise, PageBlock, RunBlock, Section } from '../../book/types.ts';
import { printable } from '../../core/units.ts';
import type { Line, Meaning } from '../../view/block.ts';
import { drawLine } from '../../view/render.ts';
import { type BookState, exerciseView, type Sign, sectionLab } from './book-state.ts';
import { exerciseRows } from './exercise-rows.ts';
import { renderMarkdown } from './markdown.ts';
import { fitted, styledWidth } from './styled.ts';
import { wrapHard } from './wrap.ts';

/** A page, laid out for a width. */
export interface Page {
  readonly rows: readonly string[];
  /** What carries the mark and hears Enter, in the order of the page. */
  readonly items: readonly Item[];
}

export interface Item {
  readonly what: RunBlock | Exercise;
  /** Rows of the page, `to` exclusive. */
  readonly from: number;
  readonly to: number;
  /** The row of each choice of a prediction; of the goal, where there is one. */
  readonly choices: readonly number[];
}

type Look = BookState['look'];

const SIGNS: Readonly<Record<Sign, readonly [string, Meaning]>> = {
  ok: ['✓', 'ok'],
  done: ['✓', 'dim'],
  fail: ['✗', 'fail'],
  unknown: ['?', 'unknown'],
  invalid: ['✗', 'error'],
};

let newest: { readonly of: readonly unknown[]; readonly page: Page } | undefined;

/** The page of the section that is open. Laid out again only if something in it has changed; prose never is for one width. */
export function pageOf(state: BookState, width: number): Page {
  const { look } = state;
  const { chapter, section } = sectionLab(state.chapters, state.place);
  const playing = state.mode.kind === 'exercise' ? state.mode.exercise : undefined;
  const of = [section, width, state.exercises, state.signs, state.progress, playing, look, state.item];
  if (newest?.of.every((one, i) => one === of[i])) return newest.page;
  const rows: string[] = [];
  const items: Item[] = [];
  const put = (more: readonly string[]): void => {
    if (rows.length > 0 && rows.at(-1) !== '') rows.push('');
    for (const row of more) rows.push(row === '' ? '' : ` ${row}`);
  };
  const room = Math.max(1, width - 2);
  put(titleRows(section, room, look));
  let exercises = 0;
  for (const block of section.blocks) {
    const from = rows.length + (rows.length > 0 && rows.at(-1) !== '' ? 1 : 0);
    const marked = items.length === state.item;
    if (block.kind === 'run') {
      put(runRows(block, room, state, marked));
      items.push({ what: block, from, to: rows.length, choices: [] });
    } else if (block.kind === 'exercise') {
      exercises++;
      const { exercise } = block;
      const view = exerciseView(state, chapter, exercise);
      const drawn = exerciseRows({
        exercise,
        view,
        width: room,
        look,
        marked,
        number: `${section.number}.${exercises}`,
        playing: playing === exercise,
      });
      put(drawn.rows);
      items.push({ what: exercise, from, to: rows.length, choices: drawn.choices.map((row) => from + row) });
    } else put(stillRows(block, room, look));
  }
  const page = { rows, items };
  newest = { of, page };
  return page;
}

function titleRows(section: Section, width: number, look: Look): readonly string[] {
  const title = `${section.number} ${printable(section.title)}`;
  return wrapHard(drawLine([{ text: title, as: 'accent' }], look), width);
}

const prose = new WeakMap<PageBlock, { readonly width: number; readonly ascii: boolean; readonly rows: readonly string[] }>();

/** What needs no world: prose, and blocks that could not be read. */
function stillRows(block: Exclude<PageBlock, { readonly kind: 'run' | 'exercise' }>, width: number, look: Look): readonly string[] {
  const known = prose.get(block);
  if (known?.width === width && known.ascii === look.ascii) return known.rows;
  const rows = block.kind === 'prose' ? renderMarkdown(block.markdown, width, { ascii: look.ascii }) : brokenRows(block, width, look);
  prose.set(block, { width, ascii: look.ascii, rows });
  return rows;
}

function brokenRows({ problem, at }: Extract<PageBlock, { readonly kind: 'broken' }>, width: number, look: Look): readonly string[] {
  const lines: Line[] = [
    [{ text: '✗ this block cannot be read', as: 'error' }, `: ${printable(problem.what)}`],
    ...(problem.remedy === undefined ? [] : [[printable(problem.remedy)]]),
    [{ text: `${problem.at?.file ?? 'line'}:${problem.at?.line ?? at.line ?? 1}`, as: 'dim' as const }],
  ];
  return lines.flatMap((line) => wrapHard(drawLine(line, look), width));
}

const RUNS = 'Enter runs it';

/** The lines of a block, with what became of each where it was run. */
function runRows(block: RunBlock, width: number, state: BookState, marked: boolean): readonly string[] {
  const { look, signs } = state;
  const out: string[] = [];
  for (const [i, line] of block.lines.entries()) {
    const sign = signs.get(line);
    const [glyph, as] = sign === undefined ? [' ', 'dim' as const] : SIGNS[sign];
    const mark = marked && i === 0 ? `${drawLine([{ text: '▸', as: 'accent' }], look)} ` : '  ';
    const head = `${mark}${sign === undefined ? ' ' : drawLine([{ text: glyph, as }], look)} `;
    const verb = line.statements[0]?.verb;
    const words = drawLine([{ text: printable(line.source), as: verb === 'expect' || verb === undefined ? 'dim' : 'command' }], look);
    const [first = '', ...rest] = wrapHard(words, Math.max(1, width - 6));
    out.push(head + first, ...rest.map((row) => `      ${row}`));
    for (const output of line.output ?? []) out.push(...wrapHard(drawLine([{ text: `    ${printable(output)}`, as: 'dim' }], look), width));
  }
  const [first = ''] = out;
  if (marked && styledWidth(first) + RUNS.length + 2 <= width) {
    out[0] = `${fitted(first, width - RUNS.length)}${drawLine([{ text: RUNS, as: 'dim' }], look)}`;
  }
  return out;
}
