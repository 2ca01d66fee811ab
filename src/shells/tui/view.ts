import type { BookState } from './book-state.ts';
import { chooserPage, chooserRow } from './chooser-rows.ts';
import { helpRows } from './help-rows.ts';
import { mapHeight } from './lab-rows.ts';
import { type Layout, layOut } from './layout.ts';
import { type Page, pageOf } from './page-rows.ts';
import { lastTop } from './scroll.ts';

/** What is where, for one state: the reducer scrolls by it, and the screen is drawn from it. */
export interface View {
  readonly layout: Layout;
  readonly page: Page;
}

/** Modes whose keys belong to the lab: a stacked screen gives it the height. */
const inLab = (state: BookState): boolean => state.mode.kind === 'prompt';

export function layoutOf(state: BookState): Layout {
  const { columns, rows } = state.size;
  const bare = layOut(columns, rows, inLab(state) ? 'prompt' : 'page', rows);
  if (bare.kind === 'stacked') return bare;
  return layOut(columns, rows, 'page', mapHeight(state, bare.map.width, bare.map.height));
}

export function viewOf(state: BookState): View {
  const layout = layoutOf(state);
  return { layout, page: pageOf(state, layout.page.width) };
}

/** The rows in the place of the page: the page, the list of chapters, or the keys. */
export function paneRows(state: BookState, { layout, page }: View): { readonly rows: readonly string[]; readonly top: number } {
  const { width, height } = layout.page;
  if (state.mode.kind === 'help') {
    const rows = helpRows(width, state.look);
    return { rows, top: Math.min(state.mode.top, lastTop({ length: rows.length, height })) };
  }
  if (state.mode.kind !== 'chooser') return { rows: page.rows, top: state.top };
  const rows = chooserPage(state, state.mode.at, width);
  const row = chooserRow(state, state.mode.at);
  return { rows, top: Math.max(0, Math.min(lastTop({ length: rows.length, height }), row - Math.floor(height / 2))) };
}
