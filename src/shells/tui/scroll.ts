/** A window of `height` rows over `length` lines. */
export interface Scroll {
  readonly top: number;
  readonly height: number;
  readonly length: number;
}

/** The last place a window can scroll to: the last line in its last row. */
export function lastTop({ height, length }: Pick<Scroll, 'height' | 'length'>): number {
  return Math.max(0, length - Math.max(0, height));
}

/** The window with its top where it may be. */
export function scrolledTo(scroll: Scroll, top: number): Scroll {
  return { ...scroll, top: Math.max(0, Math.min(lastTop(scroll), Math.trunc(top))) };
}

/** The window moved by lines; a page is its height less one, so that the last line read is seen again. */
export function scrolledBy(scroll: Scroll, lines: number): Scroll {
  return scrolledTo(scroll, scroll.top + lines);
}

export function pageOf(scroll: Pick<Scroll, 'height'>): number {
  return Math.max(1, scroll.height - 1);
}

/** The window moved as little as will show the lines `from` up to, not with, `to`; the beginning, if not all fit. */
export function revealing(scroll: Scroll, from: number, to: number): Scroll {
  if (from < scroll.top || to - from > scroll.height) return scrolledTo(scroll, from);
  return to > scroll.top + scroll.height ? scrolledTo(scroll, to - scroll.height) : scrolledTo(scroll, scroll.top);
}

/**
 * The window after its size or the text changed (a resize wraps the text anew): the line at the top stays by its share
 * of the whole, and a window at the end stays at the end.
 */
export function refitted(old: Scroll, height: number, length: number): Scroll {
  const next = { top: 0, height, length };
  if (old.top > 0 && old.top === lastTop(old)) return scrolledTo(next, lastTop(next));
  return scrolledTo(next, old.length === 0 ? 0 : Math.round((old.top * length) / old.length));
}

/** The lines in the window, filled up with empty ones: always `height` of them. */
export function visible(lines: readonly string[], { top, height }: Pick<Scroll, 'top' | 'height'>): string[] {
  return Array.from({ length: Math.max(0, height) }, (_, i) => lines[top + i] ?? '');
}

/** Which rows of a scroll bar are its thumb: none where all is seen, else at least one, at an end only if there. */
export function thumb({ top, height, length }: Scroll): { from: number; to: number } | undefined {
  if (length <= height || height < 2) return undefined;
  const size = Math.max(1, Math.floor((height * height) / length));
  const last = lastTop({ height, length });
  const free = height - size;
  const from = top === 0 ? 0 : top === last ? free : Math.max(Math.min(1, free), Math.min(free - 1, Math.round((top * free) / last)));
  return { from, to: from + size };
}
