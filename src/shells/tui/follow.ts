import { sectionRead, stoppedAt } from '../../book/progress.ts';
import { type BookState, type Mode, type Place, sectionLab } from './book-state.ts';
import type { Item, Page } from './page-rows.ts';
import { lastTop, revealing, type Scroll, scrolledTo } from './scroll.ts';
import { type View, viewOf } from './view.ts';

/** The block or exercise with the mark. */
export function atItem(state: BookState, page: Page): Item | undefined {
  return state.item === undefined ? undefined : page.items[state.item];
}

function scrollOf(state: BookState, { layout, page }: View): Scroll {
  return { top: state.top, height: layout.page.height, length: page.rows.length };
}

/** Down or up: to the next block in sight, so that one that runs is never two keys away; where there is none, one row on. */
export function step(state: BookState, direction: 1 | -1): BookState {
  const view = viewOf(state);
  const { items } = view.page;
  const scroll = scrollOf(state, view);
  const bottom = scroll.top + scroll.height;
  const next = state.item === undefined ? undefined : state.item + direction;
  const target = next === undefined ? undefined : items[next];
  const seen = target !== undefined && (direction > 0 ? target.from < bottom : target.to > scroll.top);
  if (next === undefined || target === undefined || !seen) return scrolled(state, scroll.top + direction);
  return withTop({ ...state, item: next }, reveal(scroll, target).top);
}

/** As much of a block as says what it is; the whole of it where that fits. */
function reveal(scroll: Scroll, { from, to }: Item): Scroll {
  const whole = to - from <= scroll.height;
  return revealing(scroll, from, whole ? to : Math.min(to, from + Math.max(1, Math.min(3, scroll.height))));
}

export function scrolled(state: BookState, top: number): BookState {
  const view = viewOf(state);
  return withTop(state, scrolledTo(scrollOf(state, view), top).top);
}

export function paged(state: BookState, pages: 1 | -1): BookState {
  const view = viewOf(state);
  const { height } = view.layout.page;
  return scrolled(state, state.top + pages * Math.max(1, height - 2));
}

/** The state with the page there; the mark moves into sight, and what was seen to its end is read. */
export function withTop(state: BookState, top: number): BookState {
  const view = viewOf(state);
  const { page, layout } = view;
  const { height } = layout.page;
  const bounded = Math.max(0, Math.min(top, lastTop({ length: page.rows.length, height })));
  const inSight = ({ from, to }: Item): boolean => from < bounded + height && to > bounded;
  const now = atItem(state, page);
  let { item } = state;
  if (now === undefined || !inSight(now)) {
    const seen = page.items.flatMap((one, i) => (inSight(one) ? [i] : []));
    item = bounded >= state.top ? seen[0] : seen.at(-1);
  }
  const moved = item === state.item && bounded === state.top ? state : { ...state, item, top: bounded };
  return bounded + height >= page.rows.length ? noteRead(moved) : moved;
}

function noteRead(state: BookState): BookState {
  const { chapter, section } = sectionLab(state.chapters, state.place);
  if (state.progress.chapters.get(chapter.slug)?.read.has(section.slug) === true) return state;
  return { ...state, progress: sectionRead(state.progress, chapter.slug, section.slug) };
}

/** Opens a section at its beginning. Its world is the lab's from now on. */
export function gone(state: BookState, place: Place): BookState {
  const lab = sectionLab(state.chapters, place);
  const progress = stoppedAt(state.progress, { chapter: lab.chapter.slug, section: lab.section.slug });
  return withTop({ ...state, place, lab, progress, top: 0, item: undefined, labUp: 0 }, 0);
}

/** Puts the mark on an item and brings it into sight. */
export function marked(state: BookState, item: number): BookState {
  const view = viewOf(state);
  const target = view.page.items[item];
  if (target === undefined) return state;
  return withTop({ ...state, item }, reveal(scrollOf(state, view), target).top);
}

/** Gives the keys to another part; a stacked screen gives it the height too, and the mark stays in sight if it can. */
export function withMode(state: BookState, mode: Mode): BookState {
  const next = { ...state, mode };
  return withTop(next, next.top);
}

/** Brings one row into sight: the answer that is being chosen. */
export function rowShown(state: BookState, row: number): BookState {
  return withTop(state, revealing(scrollOf(state, viewOf(state)), row, row + 1).top);
}

/** Brings what was said about an exercise into sight: all of it, or as much as fits below its first answer. */
export function outcomeShown(state: BookState, item: number): BookState {
  const view = viewOf(state);
  const target = view.page.items[item];
  if (target === undefined) return state;
  const scroll = scrollOf(state, view);
  const from =
    target.to - target.from <= scroll.height ? target.from : Math.min(target.choices[0] ?? target.from, target.to - scroll.height);
  return withTop(state, revealing(scroll, from, Math.min(target.to, from + scroll.height)).top);
}
