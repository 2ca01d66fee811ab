import { formatDuration, printable } from '../../core/units.ts';
import type { Line } from '../../view/block.ts';
import { fitLine, lineWidth } from '../../view/line.ts';
import { drawLine } from '../../view/render.ts';
import { type BookState, isRead } from './book-state.ts';
import { atItem } from './follow.ts';
import type { View } from './view.ts';

/** One line above everything: where one is, how much of the chapter is read, how long the rest will take. */
export function headerRow(state: BookState, width: number): string {
  const { chapter, section } = { chapter: state.chapters[state.place.chapter], section: state.chapters[state.place.chapter]?.sections[state.place.section] };
  if (chapter === undefined || section === undefined) return '';
  const read = chapter.sections.filter((one) => isRead(state, chapter, one)).length;
  const all = chapter.sections.length;
  const bar = all > 12 ? '' : `${'▰'.repeat(read)}${'▱'.repeat(all - read)} `;
  const minutes = Math.ceil((chapter.minutes * (all - read)) / all);
  const left = minutes > 0 ? `${minutes} min left` : 'all read';
  const title = section.level === 1 ? `${section.number} ${section.title}` : `${chapter.number} ${chapter.title} › ${section.number} ${section.title}`;
  const short = `${section.number} ${section.title}`;
  const rights = [`${bar}${read}/${all}   ${left} `, `${bar}${read}/${all} `, `${read}/${all} `, ''];
  for (const name of [` cap-tutor   ${title}`, ` ${title}`, ` ${short}`]) {
    for (const right of rights) {
      const gap = width - lineWidth([printable(name)]) - lineWidth([right]);
      if (gap >= 2) return drawLine([{ text: printable(name), as: 'strong' }, ' '.repeat(gap), { text: right, as: 'dim' }], state.look);
    }
  }
  return drawLine(fitLine([{ text: ` ${printable(short)}`, as: 'strong' }], width), state.look);
}

type Hint = readonly [key: string, does: string];

/** The keys that mean something now, the most needed first. */
function hints(state: BookState, view: View): readonly Hint[] {
  const { mode } = state;
  if (mode.kind === 'chooser') return [['↑↓', 'choose'], ['Enter', 'open'], ['Esc', 'back']];
  if (mode.kind === 'help') return [['↑↓', 'scroll'], ['Esc', 'back']];
  if (mode.kind === 'confirm') return [['y', 'show the solution'], ['n', 'not yet']];
  const busy: readonly Hint[] = state.running === undefined ? [] : [['Ctrl-C', 'take it back']];
  if (mode.kind === 'prompt') {
    const empty = state.editor.line.text === '';
    const exercise: readonly Hint[] = state.lab.exercise === undefined || !empty ? [] : [['hint skip solution reset', 'as words']];
    return [...busy, ['Enter', 'run'], empty ? ['Tab', 'page'] : ['Tab', 'complete'], ...exercise, ['↑', 'earlier lines'], ['PgUp', 'output'], ['Esc', 'page'], ...(empty ? [['Ctrl-D', 'quit'] as const] : [])];
  }
  const play: readonly Hint[] = [['h', 'hint'], ['s', 'skip'], ['S', 'solution'], ['r', 'reset']];
  if (mode.kind === 'exercise') return [...busy, ['↑↓', 'choose'], ...(mode.exercise.kind === 'predict' && mode.exercise.confidence ? [['←→', 'how sure'] as const] : []), ['Enter', 'answer'], ...play, ['Esc', 'page']];
  const item = atItem(state, view.page);
  const enter: readonly Hint[] = item === undefined ? [] : [['Enter', 'kind' in item.what && item.what.kind === 'run' ? 'run' : item.what.kind === 'do' ? 'begin' : 'answer']];
  const last: readonly Hint[] = [['?', 'keys'], ['q', 'quit']];
  const doing = item !== undefined && item.what.kind !== 'run' ? play : [];
  const rest: readonly Hint[] = [['u', 'undo'], ['w', 'why'], ['g', 'list'], ...(doing.length > 0 ? [] : [['r', 'reset'] as const])];
  return [...busy, ['↑↓', 'scroll'], ['n/p', 'section'], ...enter, ['Tab', 'prompt'], ...doing, ...rest, ...last];
}

/** The bottom line: a question, a notice, or as many keys as fit; `?` and `q` stay to the last. */
export function keyRow(state: BookState, view: View): string {
  const { width } = view.layout.footer;
  if (state.notice !== undefined) return drawLine(fitLine([' ', { text: printable(state.notice), as: 'strong' }], width), state.look);
  const all = [...hints(state, view)];
  const lineOf = (some: readonly Hint[]): Line => [' ', ...some.flatMap(([key, does], i) => [i === 0 ? '' : '  ', { text: key, as: 'key' as const }, { text: ` ${does}`, as: 'dim' as const }])];
  const keepsEnd = state.mode.kind === 'page' ? 2 : 1;
  while (all.length > 1 && lineWidth(lineOf(all)) > width) all.splice(Math.max(0, all.length - 1 - keepsEnd), 1);
  return drawLine(fitLine(lineOf(all), width), state.look);
}

/** How far a running command is. */
export function runningRow(state: BookState, width: number): string {
  const { running } = state;
  if (running === undefined) return '';
  const far = running.progress === undefined ? '' : `  t ${formatDuration(running.progress.nowUs)}, ${running.progress.events} events`;
  return drawLine(fitLine([{ text: ` … ${printable(running.what)}`, as: 'unknown' }, { text: `${far}  Ctrl-C takes it back`, as: 'dim' }], width), state.look);
}
