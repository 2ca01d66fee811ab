import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { parseAst } from 'vitest/node';

/** A node of the syntax tree, as far as the rules look at it. TypeScript's own compiler has no programming interface any more. */
export interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

/** One file, read once and asked many times. */
export interface Source {
  /** From the project's folder, with forward slashes on every platform. */
  readonly path: string;
  readonly text: string;
  readonly nodes: readonly Placed[];
  line(offset: number): number;
}

export interface Placed {
  readonly node: Node;
  readonly parent: Node | undefined;
}

/** What a rule objects to, so that the message alone says where to go and what to do. */
export interface Finding {
  readonly path: string;
  readonly line: number;
  readonly says: string;
}

export const show = ({ path, line, says }: Finding): string => `${path}:${line} ${says}`;

export function source(path: string, text: string): Source {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  const lang = path.endsWith('x') ? 'tsx' : extname(path) === '.ts' ? 'ts' : 'js';
  const nodes: Placed[] = [];
  gather(parseAst(text, { lang }, path), undefined, nodes);
  return { path, text, nodes, line: (offset) => starts.findLastIndex((start) => start <= offset) + 1 };
}

export const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';

/** The name of an identifier, or of a string used as one (`x['y']`). */
export function nameOf(value: unknown): string | undefined {
  if (!isNode(value)) return undefined;
  if (value.type === 'Identifier') return String(value['name']);
  return value.type === 'Literal' && typeof value['value'] === 'string' ? value['value'] : undefined;
}

/** Every file below a folder of the project whose name ends so, sorted; none where the folder is not there yet. */
export function filesIn(root: string, folder: string, ends: RegExp = /\.(ts|tsx)$/): string[] {
  const found: string[] = [];
  const visit = (path: string): void => {
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      const inside = join(path, entry.name);
      if (entry.isDirectory()) visit(inside);
      else if (ends.test(entry.name)) found.push(relative(root, inside).split(sep).join('/'));
    }
  };
  try {
    visit(join(root, folder));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  return found.sort();
}

export const readSource = (root: string, path: string): Source => source(path, readFileSync(join(root, path), 'utf8'));

function gather(value: unknown, parent: Node | undefined, into: Placed[]): void {
  if (Array.isArray(value)) {
    for (const item of value) gather(item, parent, into);
  } else if (isNode(value)) {
    into.push({ node: value, parent });
    for (const key of Object.keys(value)) gather(value[key], value, into);
  }
}
