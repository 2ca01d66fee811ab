import type { Line, Tree } from './block.ts';
import { lineWidth, wrapLine } from './line.ts';

/** Trees with their branches drawn; long lines wrap behind the branch, so the tree stays whole. */
export function layTree(roots: readonly Tree[], width: number): Line[] {
  const out: Line[] = [];
  for (const root of roots) lay(root, '', '', width, out);
  return out;
}

function lay(tree: Tree, first: string, rest: string, width: number, out: Line[]): void {
  // Wrapped text hangs two columns in, beside the branch to the children if there are any.
  const below = tree.children.length > 0 ? `${rest}│ ` : `${rest}  `;
  const room = Math.max(2, width - Math.max(lineWidth([first]), lineWidth([below])));
  wrapLine(tree.line, room).forEach((line, i) => {
    out.push([{ text: i === 0 ? first : below, as: 'dim' }, ...line]);
  });
  // Deep branches stop moving right where the text would have no room left.
  const narrow = lineWidth([rest]) + 2 > width / 2;
  tree.children.forEach((child, i) => {
    const last = i === tree.children.length - 1;
    lay(child, narrow ? rest : `${rest}${last ? '└ ' : '├ '}`, narrow ? rest : `${rest}${last ? '  ' : '│ '}`, width, out);
  });
}
