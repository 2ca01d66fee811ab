/** A line that both have, or that only one of them has. */
interface Edit {
  readonly kind: ' ' | '-' | '+';
  readonly text: string;
}

const CONTEXT = 3;

/** A unified diff of two lists of lines, empty if they are the same. */
export function unifiedDiff(before: readonly string[], after: readonly string[], name: string): string[] {
  const edits = editsOf(before, after);
  if (edits.every(({ kind }) => kind === ' ')) return [];
  const out = [`--- ${name} (recorded)`, `+++ ${name} (now)`];
  for (const [from, to] of hunks(edits)) {
    const head = edits.slice(0, from);
    const body = edits.slice(from, to);
    const old = span(head, body, '+');
    const now = span(head, body, '-');
    out.push(`@@ -${old} +${now} @@`, ...body.map(({ kind, text }) => `${kind}${text}`));
  }
  return out;
}

/** `line,count` of a hunk on one side: the side without the edits of kind `other`. An empty side names the line before it. */
function span(head: readonly Edit[], body: readonly Edit[], other: Edit['kind']): string {
  const start = head.filter(({ kind }) => kind !== other).length;
  const count = body.filter(({ kind }) => kind !== other).length;
  return `${count === 0 ? start : start + 1},${count}`;
}

/** Stretches of edits with their context; those whose contexts touch become one. */
function hunks(edits: readonly Edit[]): [number, number][] {
  const out: [number, number][] = [];
  edits.forEach(({ kind }, i) => {
    if (kind === ' ') return;
    const from = Math.max(0, i - CONTEXT);
    const to = Math.min(edits.length, i + CONTEXT + 1);
    const last = out.at(-1);
    if (last !== undefined && from <= last[1]) last[1] = to;
    else out.push([from, to]);
  });
  return out;
}

/** What both begin and end with is the same; between, the shortest way from one to the other. */
function editsOf(before: readonly string[], after: readonly string[]): Edit[] {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head++;
  let tail = 0;
  while (tail < before.length - head && tail < after.length - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  const same = (text: string): Edit => ({ kind: ' ', text });
  return [
    ...before.slice(0, head).map(same),
    ...shortest(before.slice(head, before.length - tail), after.slice(head, after.length - tail)),
    ...before.slice(before.length - tail).map(same),
  ];
}

/**
 * E. W. Myers, "An O(ND) Difference Algorithm and Its Variations" (Algorithmica 1986), section 4: the furthest reaching paths with d edits, kept for each d
 * and walked back. Costs (lines × differences), which recorded outputs keep small.
 */
function shortest(a: readonly string[], b: readonly string[]): Edit[] {
  const most = a.length + b.length;
  let reach = new Map<number, number>([[1, 0]]);
  const trail: Map<number, number>[] = [];
  for (let d = 0; d <= most; d++) {
    trail.push(reach);
    const next = new Map(reach);
    for (let k = -d; k <= d; k += 2) {
      let x = goesDown(reach, k, d) ? (reach.get(k + 1) ?? 0) : (reach.get(k - 1) ?? 0) + 1;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++;
      next.set(k, x);
      if (x >= a.length && x - k >= b.length) return walkBack(a, b, trail);
    }
    reach = next;
  }
  return [];
}

function goesDown(reach: ReadonlyMap<number, number>, k: number, d: number): boolean {
  return k === -d || (k !== d && (reach.get(k - 1) ?? -1) < (reach.get(k + 1) ?? -1));
}

function walkBack(a: readonly string[], b: readonly string[], trail: readonly ReadonlyMap<number, number>[]): Edit[] {
  const out: Edit[] = [];
  let x = a.length;
  let y = b.length;
  for (let d = trail.length - 1; d >= 0; d--) {
    const reach = trail[d] ?? new Map<number, number>();
    const k = x - y;
    const from = goesDown(reach, k, d) ? k + 1 : k - 1;
    const startX = d === 0 ? 0 : (reach.get(from) ?? 0);
    const startY = d === 0 ? 0 : startX - from;
    while (x > startX && y > startY) {
      out.push({ kind: ' ', text: a[--x] ?? '' });
      y--;
    }
    if (d === 0) break;
    if (x > startX) out.push({ kind: '-', text: a[--x] ?? '' });
    else if (y > startY) out.push({ kind: '+', text: b[--y] ?? '' });
  }
  return out.reverse();
}
