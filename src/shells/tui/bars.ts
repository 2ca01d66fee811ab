import { printable } from '../../core/units.ts';
import { unreachable } from '../../core/unreachable.ts';
import type { Line } from '../../view/block.ts';
import { fitLine, lineWidth } from '../../view/line.ts';
import { drawLine } from '../../view/render.ts';
import { progressText } from '../drive.ts';
import { type BookState, isRead, sectionLab } from './book-state.ts';
import { atItem } from './follow.ts';
import type { View } from './view.ts';

/** One line above everything: where one is, how much of the chapter is read, how long the rest will take. */
export function headerRow(state: BookState, width: number): string {
  const { chapter, section } = sectionLab(state.chapters, state.place);
  const read = chapter.sections.filter((one) => isRead(state, chapter, one)).length;
  const all = chapter.sections.length;
  const bar = all > 12 ? '' : `${'▰'.repeat(read)}${'▱'.repeat(all - read)} `;
  const minutes = Math.ceil((chapter.minutes * (all - read)) / all);
  const left = minutes > 0 ? `${minutes} min left` : 'all read';
  const title =
    section.level === 1 ? `${section.number} ${section.title}` : `${chapter.number} ${chapter.title} › ${section.number} ${section.title}`;
  const short = `${section.number} ${section.title}`;
  const [far, less, least] = [`${bar}${read}/${all}   ${left} `, `${bar}${read}/${all} `, `${read}/${all} `];
  const ways = [
    [` cap-tutor   ${title}`, far],
    [` ${title}`, far],
    [` ${title}`, less],
    [` ${short}`, less],
    [` ${short}`, least],
  ] as const;
  for (const [name, right] of ways) {
    const gap = width - lineWidth([printable(name)]) - lineWidth([right]);
    if (gap >= 2) return drawLine([{ text: printable(name), as: 'strong' }, ' '.repeat(gap), { text: right, as: 'dim' }], state.look);
  }
  return drawLine(fitLine([{ text: ` ${printable(short)}`, as: 'strong' }], width), state.look);
}

/** A key, what it does now, and how soon it is left out where there is little room: the highest rank goes first. */
type Hint = readonly [key: string, does: string, rank: number];

/** Below this width the four ways on are named by their keys alone; `?` tells the rest. */
const ROOM_FOR_WORDS = 54;

/** What helps with an exercise is never left out: nobody is stuck for not knowing a key. */
function ways(width: number): readonly Hint[] {
  if (width < ROOM_FOR_WORDS) return [['h s S r', '', 1]];
  return [
    ['h', 'hint', 1],
    ['s', 'skip', 1],
    ['S', 'solution', 1],
    ['r', 'reset', 1],
  ];
}

/** The keys that mean something now. */
function hints(state: BookState, view: View): readonly Hint[] {
  const { mode } = state;
  const { width } = view.layout.footer;
  const busy: readonly Hint[] = state.running === undefined ? [] : [['Ctrl-C', 'take it back', 1]];
  switch (mode.kind) {
    case 'chooser':
      return [
        ['↑↓', 'choose', 2],
        ['Enter', 'open', 1],
        ['Esc', 'back', 1],
      ];
    case 'help':
      return [
        ['↑↓', 'scroll', 2],
        ['Esc', 'back', 1],
      ];
    case 'confirm':
      return [
        ['y', 'show the solution', 1],
        ['n', 'not yet', 1],
      ];
    case 'prompt':
      return [...busy, ...promptHints(state)];
    case 'exercise': {
      const sure: readonly Hint[] = mode.exercise.kind === 'predict' && mode.exercise.confidence ? [['←→', 'how sure', 3]] : [];
      return [...busy, ['↑↓', 'choose', 2], ...sure, ['Enter', 'answer', 1], ...ways(width), ['Esc', 'page', 4], ['?', 'keys', 3]];
    }
    case 'page':
      return [...busy, ...pageHints(state, view)];
    default:
      return unreachable(mode);
  }
}

function promptHints(state: BookState): readonly Hint[] {
  const empty = state.editor.line.text === '';
  const exercise: readonly Hint[] = state.lab.exercise === undefined || !empty ? [] : [['hint skip solution reset', '', 2]];
  const end: readonly Hint[] = empty ? [['Ctrl-D', 'quit', 5]] : [['Ctrl-C', 'give up', 4]];
  return [
    ['Enter', 'run', 1],
    ['Tab', empty ? 'page' : 'complete', 3],
    ...exercise,
    ['↑', 'earlier lines', 6],
    ['PgUp', 'output', 7],
    ['Esc', 'page', 4],
    ...end,
  ];
}

function pageHints(state: BookState, view: View): readonly Hint[] {
  const item = atItem(state, view.page);
  const exercise = item !== undefined && item.what.kind !== 'run';
  const back: readonly Hint[] = state.lab.exercise === undefined ? [] : [['Esc', 'world of the section', 6]];
  const enter = item === undefined ? '' : item.what.kind === 'run' ? 'run' : item.what.kind === 'do' ? 'begin' : 'answer';
  return [
    ['↑↓', 'scroll', 5],
    ['n/p', 'section', 4],
    ...(enter === '' ? [] : [['Enter', enter, 1] as const]),
    ['Tab', 'prompt', 3],
    ...(exercise ? ways(view.layout.footer.width) : []),
    ['u', 'undo', 7],
    ['w', 'why', 8],
    ['g', 'list', 6],
    ...back,
    ...(exercise ? [] : [['r', 'reset', 7] as const]),
    ['?', 'keys', 2],
    ['q', 'quit', 3],
  ];
}

/** The bottom line: a notice until the next key, or as many keys as fit. */
export function keyRow(state: BookState, view: View): string {
  const { width } = view.layout.footer;
  if (state.notice !== undefined) return drawLine(fitLine([' ', { text: printable(state.notice), as: 'strong' }], width), state.look);
  const all = [...hints(state, view)];
  const lineOf = (some: readonly Hint[]): Line => [
    ' ',
    ...some.flatMap(([key, does], i) => [
      i === 0 ? '' : '  ',
      { text: key, as: 'key' as const },
      { text: does === '' ? '' : ` ${does}`, as: 'dim' as const },
    ]),
  ];
  while (all.length > 1 && lineWidth(lineOf(all)) > width) {
    const worst = Math.max(...all.map(([, , rank]) => rank));
    all.splice(
      all.findLastIndex(([, , rank]) => rank === worst),
      1,
    );
  }
  return drawLine(fitLine(lineOf(all), width), state.look);
}

/** How far a running command is. */
export function runningRow(state: BookState, width: number): string {
  const { running } = state;
  if (running === undefined) return '';
  const far = running.progress === undefined ? '' : `  ${progressText(running.progress)}`;
  return drawLine(
    fitLine(
      [
        { text: ` … ${printable(running.what)}`, as: 'unknown' },
        { text: `${far}  Ctrl-C takes it back`, as: 'dim' },
      ],
      width,
    ),
    state.look,
  );
}
