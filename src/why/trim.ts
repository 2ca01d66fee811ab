import type { Tree } from '../view/block.ts';
import { count, line, plain, span, tree } from './words.ts';

/** Repetitions are told once, and what does not fit is summarised: an explanation that scrolls is not read. */
export const MAX_LINES = 12;
export const MAX_DEPTH = 3;

/** Takes out branches told already, cuts below `MAX_DEPTH`, then shortens the longest lists until `MAX_LINES` are left. */
export function trimmed(roots: readonly Tree[]): readonly Tree[] {
  const seen = new Set<string>();
  const whole = roots.flatMap((root) => distinct(root, seen, 1));
  let out: readonly Tree[] = whole;
  for (let most = longest(out); size(out) > MAX_LINES && most > 1; most--) out = shortened(whole, most - 1);
  return out;
}

function distinct(of: Tree, seen: Set<string>, depth: number): readonly Tree[] {
  const text = plain(of.line);
  if (text === '' || seen.has(text)) return [];
  seen.add(text);
  const children = depth >= MAX_DEPTH ? [] : of.children.flatMap((child) => distinct(child, seen, depth + 1));
  return [tree(of.line, children)];
}

function size(trees: readonly Tree[]): number {
  return trees.reduce((sum, one) => sum + 1 + size(one.children), 0);
}

function longest(trees: readonly Tree[]): number {
  return trees.reduce((most, one) => Math.max(most, longest(one.children)), trees.length);
}

function shortened(trees: readonly Tree[], most: number): readonly Tree[] {
  const inner = trees.map((one) => tree(one.line, shortened(one.children, most)));
  if (inner.length <= most) return inner;
  const kept = inner.slice(0, most - 1 > 0 ? most - 1 : 1);
  const left = trees.length - kept.length;
  return [...kept, tree(line(span(`and ${count(left, 'more reason')}`, 'dim')))];
}
