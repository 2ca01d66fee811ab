import { chapterProgress } from '../../book/progress.ts';
import { printable } from '../../core/units.ts';
import type { Line } from '../../view/block.ts';
import { drawLine } from '../../view/render.ts';
import { type BookState, isRead, type Place } from './book-state.ts';
import { clip } from './styled.ts';

/** Every section of the book, in the order of the list. */
export function places(state: BookState): readonly Place[] {
  return state.chapters.flatMap(({ sections }, chapter) => sections.map((_, section) => ({ chapter, section })));
}

export function placeNumber(state: BookState): number {
  const { place } = state;
  return Math.max(
    0,
    places(state).findIndex(({ chapter, section }) => chapter === place.chapter && section === place.section),
  );
}

/** The row of the list that holds a place: there is a heading above, and a blank line between chapters. */
export function chooserRow(state: BookState, at: number): number {
  return 2 + at + (places(state)[at]?.chapter ?? 0);
}

/** The table of contents, with what was read and solved. */
export function chooserPage(state: BookState, at: number, width: number): readonly string[] {
  const rows: string[] = [
    drawLine(
      [
        { text: ' Where to?', as: 'strong' },
        { text: '  Enter opens, Esc goes back', as: 'dim' },
      ],
      state.look,
    ),
  ];
  let n = 0;
  for (const chapter of state.chapters) {
    rows.push('');
    const { exercises } = chapterProgress(state.progress, chapter.slug);
    for (const section of chapter.sections) {
      const mine = section.blocks.flatMap((block) => (block.kind === 'exercise' ? [block.exercise.slug] : []));
      const solved = mine.filter((slug) => exercises.get(slug)?.state === 'solved').length;
      const line: Line = [
        n === at ? { text: ' ▸ ', as: 'accent' } : '   ',
        isRead(state, chapter, section) ? { text: '✓ ', as: 'ok' } : '  ',
        {
          text: `${section.level === 2 ? '  ' : ''}${section.number} ${printable(section.title)}`,
          as: n === at ? 'accent' : section.level === 1 ? 'strong' : 'dim',
        },
        ...(mine.length === 0 ? [] : [{ text: `  ◆ ${solved}/${mine.length}`, as: 'dim' as const }]),
      ];
      rows.push(clip(drawLine(line, state.look), width));
      n++;
    }
  }
  if (state.problems.length > 0) rows.push('');
  for (const problem of state.problems)
    rows.push(clip(drawLine([' ', { text: '✗ ', as: 'error' }, printable(problem.what)], state.look), width));
  return rows;
}
