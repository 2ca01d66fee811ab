/** A rectangle of cells, counted from 0 at the top left. One without width or height is not shown. */
export interface Box {
  readonly top: number;
  readonly left: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Where the parts of the book are on a screen. Together they cover every cell of it, and none twice. Wide, the page
 * stands left of the lab (map above, prompt below); stacked, they stand one below the other.
 */
export interface Layout {
  readonly kind: 'wide' | 'stacked';
  /** One line: where one is. */
  readonly header: Box;
  readonly topRule: Box;
  readonly page: Box;
  /** The column between page and lab. */
  readonly divider: Box;
  /** The cluster map; stacked, one line of it. */
  readonly map: Box;
  /** Wide, between map and prompt; stacked, above the lab. */
  readonly labRule: Box;
  /** What the commands printed, and the prompt in its last row. */
  readonly prompt: Box;
  readonly bottomRule: Box;
  /** One line: the keys. */
  readonly footer: Box;
}

/** Which part a stacked screen gives its height to. */
export type Focus = 'page' | 'prompt';

const WIDE_FROM = 100;
/** Longer lines than this are hard to read. */
const WIDEST_PAGE = 88;
/** Below this height the rows of rules go to the text. */
const LOW = 14;

/** The parts of a screen of any size. `mapHeight` is how many rows the cluster map would like. */
export function layOut(columns: number, rows: number, focus: Focus, mapHeight: number): Layout {
  const width = Math.max(1, Math.floor(columns));
  const height = Math.max(1, Math.floor(rows));
  return width >= WIDE_FROM ? wide(width, height, Math.max(0, mapHeight)) : stacked(width, height, focus);
}

function wide(width: number, height: number, mapHeight: number): Layout {
  const rule = height >= LOW ? 1 : 0;
  const { top, inner, outer } = frame(width, height, rule);
  const pageWidth = Math.min(WIDEST_PAGE, Math.ceil((width - 1) * 0.55));
  const left = pageWidth + 1;
  // The prompt keeps room for a command and what it prints; the map has the rest, if it wants it.
  const least = Math.min(inner, Math.max(3, Math.ceil(inner / 3)));
  const mapRows = Math.max(0, Math.min(mapHeight, inner - least - rule));
  const labRule = mapRows > 0 ? rule : 0;
  const lab = (from: number, rows: number): Box => ({ top: top + from, left, width: width - left, height: rows });
  return {
    kind: 'wide',
    ...outer,
    page: { top, left: 0, width: pageWidth, height: inner },
    divider: { top, left: pageWidth, width: 1, height: inner },
    map: lab(0, mapRows),
    labRule: lab(mapRows, labRule),
    prompt: lab(mapRows + labRule, inner - mapRows - labRule),
  };
}

function stacked(width: number, height: number, focus: Focus): Layout {
  const rule = height >= LOW ? 1 : 0;
  const { top, inner, outer } = frame(width, height, 0);
  const mapRows = inner - rule >= 5 ? 1 : 0;
  const free = inner - rule - mapRows;
  // Whoever has the keys has two thirds. With one row only, that is the prompt: one can always type.
  const third = Math.max(1, Math.floor(free / 3));
  const promptRows = focus === 'prompt' ? free - Math.min(free - 1, third) : third;
  const pageRows = free - promptRows;
  const row = (from: number, rows: number): Box => ({ top: top + from, left: 0, width, height: rows });
  return {
    kind: 'stacked',
    ...outer,
    page: row(0, pageRows),
    divider: { top, left: width, width: 0, height: inner },
    labRule: row(pageRows, rule),
    map: row(pageRows + rule, mapRows),
    prompt: row(pageRows + rule + mapRows, promptRows),
  };
}

/** The lines above and below everything else; a screen of a few rows does without. */
function frame(
  width: number,
  height: number,
  rule: number,
): { top: number; inner: number; outer: Pick<Layout, 'header' | 'topRule' | 'bottomRule' | 'footer'> } {
  const head = height >= 6 ? 1 : 0;
  const foot = height >= 4 ? 1 : 0;
  const line = (top: number, rows: number): Box => ({ top, left: 0, width, height: rows });
  const outer = {
    header: line(0, head),
    topRule: line(head, rule),
    bottomRule: line(height - foot - rule, rule),
    footer: line(height - foot, foot),
  };
  return { top: head + rule, inner: height - head - foot - 2 * rule, outer };
}
