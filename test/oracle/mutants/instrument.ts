import { isNode, type Node, type Source } from '../../harness/house/source.ts';

/** A text with more in it than its author wrote: what runs is noted, and loops are counted. */

interface Edit {
  readonly at: number;
  readonly text: string;
  /** What ends comes before what begins in the same place. */
  readonly ends: boolean;
}

interface Region {
  readonly start: number;
  readonly end: number;
  readonly site: number;
}

/** One file, and where what it says can be watched. */
export interface Watched {
  readonly path: string;
  readonly text: string;
  /** The number of its first site. */
  readonly first: number;
  /** How many sites there are: statements, and expressions that run only sometimes. */
  readonly sites: number;
  readonly regions: readonly Region[];
  readonly probes: readonly Edit[];
  readonly guards: readonly Edit[];
}

/** What is counted down in each round of a loop; `stop` throws. */
export interface Work {
  left: number;
  stop(): never;
}

const COUNT = 'if (--__work.left < 0) __work.stop();';

/** The names under which instrumented text finds what it writes to. */
export const NAMES = ['__seen', '__work'] as const;

export function watched({ path, text, nodes }: Source, first: number): Watched {
  const regions: Region[] = [];
  const probes: Edit[] = [];
  const guards: Edit[] = [];
  const around = (into: Edit[], { start, end }: Node, before: string, after: string): void => {
    into.push({ at: start, text: before, ends: false }, { at: end, text: after, ends: true });
  };
  const site = ({ start, end }: Node): string => {
    const number = regions.push({ start, end, site: regions.length }) - 1;
    return `__seen[${first + number}] = 1`;
  };
  const statement = (node: Node): void => {
    probes.push({ at: node.start, text: `${site(node)};`, ends: false });
  };
  const alone = (node: unknown): void => {
    if (isNode(node) && node.type !== 'BlockStatement') around(probes, node, `{${site(node)};`, '}');
  };
  const expression = (node: unknown): void => {
    if (isNode(node)) around(probes, node, `(${site(node)}, `, ')');
  };
  for (const { node, parent } of nodes) {
    const { body } = node;
    if (/^(For|While|DoWhile)/.test(node.type) && isNode(body)) {
      if (body.type === 'BlockStatement') guards.push({ at: body.start + 1, text: COUNT, ends: false });
      else around(guards, body, `{${COUNT}`, '}');
      alone(body);
    } else if (node.type === 'IfStatement') {
      alone(node['consequent']);
      alone(node['alternate']);
    } else if (node.type === 'ConditionalExpression') {
      expression(node['consequent']);
      expression(node['alternate']);
    } else if (node.type === 'LogicalExpression') {
      expression(node['right']);
    } else if (node.type === 'ArrowFunctionExpression' && isNode(body) && body.type !== 'BlockStatement') {
      expression(body);
    } else if (node.type === 'BlockStatement' || node.type === 'FunctionBody') {
      // Defaults of parameters run where the function does.
      if (parent !== undefined && /Function/.test(parent.type)) {
        probes.push({ at: node.start + 1, text: `${site(parent)};`, ends: false });
      }
      for (const one of body as readonly Node[]) statement(one);
    } else if (node.type === 'SwitchCase') {
      for (const one of node['consequent'] as readonly Node[]) if (one.type !== 'BlockStatement') statement(one);
    }
  }
  return { path, text, first, sites: regions.length, regions, probes, guards };
}

/** The site inside the file to which the text at a place belongs; undefined where it runs when the module is loaded. */
export function siteAt({ regions }: Watched, start: number, end: number): number | undefined {
  let best: Region | undefined;
  for (const region of regions) {
    if (region.start > start || region.end < end) continue;
    if (best === undefined || region.end - region.start <= best.end - best.start) best = region;
  }
  return best?.site;
}

/** The text with everything in it that is noted and counted. */
export const probed = (file: Watched): string => edited(file.text, [...file.probes, ...file.guards]);

/** The text with its loops counted, and a mistake in it, if one is told. */
export function guarded(file: Watched, change?: { readonly start: number; readonly end: number; readonly to: string }): string {
  if (change === undefined) return edited(file.text, file.guards);
  const { start, end, to } = change;
  const before = file.guards.filter(({ at, ends }) => at < start || (at === start && !(ends && start === end)));
  const after = file.guards.filter(({ at }) => at > start && at >= end);
  const head = edited(file.text.slice(0, start), before);
  const shifted = after.map((edit) => ({ ...edit, at: edit.at - end }));
  return `${head}${to}${edited(file.text.slice(end), shifted)}`;
}

function edited(text: string, edits: readonly Edit[]): string {
  // Of those that begin in one place the outermost stands first, as it was found first; of those that end there, last.
  const placed = edits.map((edit, i) => ({ ...edit, rank: edit.ends ? -i : i }));
  placed.sort((a, b) => a.at - b.at || Number(b.ends) - Number(a.ends) || a.rank - b.rank);
  let result = '';
  let from = 0;
  for (const { at, text: added } of placed) {
    result += text.slice(from, at) + added;
    from = at;
  }
  return result + text.slice(from);
}
