import { type Finding, isNode, type Node, nameOf, type Placed, type Source } from './source.ts';

type Judge = (placed: Placed, own: ReadonlySet<string>) => string | undefined;

const judged =
  (judge: Judge) =>
  (file: Source): Finding[] => {
    const own = declared(file);
    return file.nodes.flatMap((placed) => {
      const says = judge(placed, own);
      return says === undefined ? [] : [{ path: file.path, line: file.line(placed.node.start), says }];
    });
  };

/** Names that reach the clock, the machine or the user. Being named at all is enough, whatever is done with them. */
const outsideNames = new Set([
  ...['Date', 'performance', 'process', 'console', 'Intl', 'globalThis', 'Buffer', '__dirname', '__filename', 'require'],
  ...['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'fetch', 'eval', 'Function', 'crypto', 'WebSocket', 'Worker'],
]);

/**
 * The standard leaves their last bits to the engine, so the same seed would give other bytes on another machine.
 * Not so `sqrt`, which IEEE 754 defines to the last bit.
 */
const inexact = new Set([
  ...['exp', 'expm1', 'log', 'log10', 'log1p', 'log2', 'pow', 'cbrt', 'hypot'],
  ...['sin', 'cos', 'tan', 'asin', 'acos', 'atan', 'atan2', 'sinh', 'cosh', 'tanh', 'asinh', 'acosh', 'atanh'],
]);

const localeCalls = new Set([
  'localeCompare',
  'toLocaleString',
  'toLocaleDateString',
  'toLocaleTimeString',
  'toLocaleUpperCase',
  'toLocaleLowerCase',
]);

/** For every room but the shells and cli.ts: a pure function of its inputs, the same bytes everywhere. */
export const impurities = judged(({ node, parent }, own) => {
  const name = node.type === 'Identifier' ? String(node['name']) : '';
  if (outsideNames.has(name) && !own.has(name) && isReference(node, parent)) {
    return `uses ${name}: only the shells and cli.ts touch the outside`;
  }
  if (node.type === 'MetaProperty') return 'uses import.meta: where files lie, only the shells and cli.ts know';
  if (node.type === 'MemberExpression') {
    const name = nameOf(node['property']) ?? '';
    if (nameOf(node['object']) === 'Math') {
      if (name === 'random') return 'uses Math.random: chance comes from a named stream of the seed';
      if (inexact.has(name)) return `uses Math.${name}, whose last bits differ from engine to engine: core/ has its own`;
    }
    if (localeCalls.has(name)) return `uses ${name}, whose answer depends on the machine's language`;
  }
  if (node.type === 'VariableDeclarator' && nameOf(node['init']) === 'Math')
    return 'takes Math apart: name its functions where they are used';
  const powers = node.type === 'BinaryExpression' ? node['operator'] === '**' : node['operator'] === '**=';
  // With two literals it is a way to write a number, and integer powers are exact in every engine.
  if (powers && !(isLiteral(node['left']) && isLiteral(node['right']))) return 'uses **, which is Math.pow: core/ has its own';
  return undefined;
});

/** For all code, tests too. */
export const holes = (file: Source): Finding[] => [...anys(file), ...silenced(file)];

const anys = judged(({ node }) => (node.type === 'TSAnyKeyword' ? 'says `any`: say `unknown`, or what it is' : undefined));

function silenced(file: Source): Finding[] {
  return [...file.text.matchAll(/(?:\/\/|\/\*)[ *]*@ts-(?:ignore|nocheck|expect-error)/g)].map((match) => ({
    path: file.path,
    line: file.line(match.index),
    says: 'silences the compiler: mend the type',
  }));
}

/** A test that does not run is a promise nobody keeps. */
export const sleepers = judged(({ node }) => {
  if (node.type === 'MemberExpression') {
    const root = chainRoot(node['object']);
    const how = nameOf(node['property']) ?? '';
    if (['it', 'test', 'describe', 'bench'].includes(root) && ['skip', 'only', 'todo', 'fails', 'skipIf', 'runIf'].includes(how)) {
      return `${root}.${how}: a test runs, or it is taken out`;
    }
  }
  if (node.type === 'CallExpression' && ['xit', 'fit', 'xdescribe', 'fdescribe', 'xtest'].includes(nameOf(node['callee']) ?? '')) {
    return `${nameOf(node['callee'])}: a test runs, or it is taken out`;
  }
  return undefined;
});

/** `it.concurrent.only`: the name that the chain hangs on. */
function chainRoot(value: unknown): string {
  if (isNode(value) && value.type === 'MemberExpression') return chainRoot(value['object']);
  if (isNode(value) && value.type === 'CallExpression') return chainRoot(value['callee']);
  return nameOf(value) ?? '';
}

export interface Length {
  /** A file's path, or `path name` for a function in it. */
  readonly what: string;
  readonly lines: number;
}

const lineCount = (text: string): number => text.split('\n').length - (text.endsWith('\n') ? 1 : 0);

export const fileLength = ({ path, text }: Source): Length => ({ what: path, lines: lineCount(text) });

/** Every function with its number of lines, first and last included. A `describe` block is a chapter, not a function. */
export function functionLengths(file: Source): Length[] {
  return file.nodes.flatMap(({ node, parent }) => {
    if (!/^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(node.type)) return [];
    if (parent?.type === 'CallExpression' && chainRoot(parent['callee']) === 'describe') return [];
    const name = nameOf(node['id']) ?? nameOf(parent?.['key']) ?? nameOf(parent?.['id']) ?? nameOf(parent?.['left']);
    const lines = file.line(node.end - 1) - file.line(node.start) + 1;
    return [{ what: `${file.path} ${name ?? `function at line ${file.line(node.start)}`}`, lines }];
  });
}

/**
 * Lengths at or over the limit that the table does not excuse, and excuses that are larger than what they excuse:
 * whoever makes a long thing shorter lowers its number too, so it cannot grow back.
 */
export function ratchet(lengths: readonly Length[], limit: number, excused: Readonly<Record<string, number>>): string[] {
  const longest = new Map<string, number>();
  for (const { what, lines } of lengths) longest.set(what, Math.max(lines, longest.get(what) ?? 0));
  const over = [...longest].filter(([what, lines]) => lines >= (excused[what] === undefined ? limit : excused[what] + 1));
  const loose = Object.entries(excused).filter(([what, lines]) => (longest.get(what) ?? 0) < lines || lines < limit);
  return [
    ...over.map(([what, lines]) => `${what} has ${lines} lines; the house keeps it under ${limit}`),
    ...loose.map(
      ([what, lines]) => `${what} is excused with ${lines} lines and has ${longest.get(what) ?? 0}: lower the excuse, or take it out`,
    ),
  ];
}

/** Absolute paths of the machine on which something was written mean nothing to whoever reads it. */
export function machinePaths(path: string, text: string): Finding[] {
  const folders = ['work', 'root', 'tmp', 'home', 'farm', 'Users', 'var/folders'].join('|');
  const pattern = new RegExp(`(?<![\\w.~*$})-])/(?:${folders})/[\\w.][\\w./-]*`, 'g');
  return [...text.matchAll(pattern)].map((match) => ({
    path,
    line: lineCount(text.slice(0, match.index + 1)),
    says: `names ${match[0]}, a path of one machine`,
  }));
}

/** Names that a file gives to things of its own: a history has processes, and `process` is then no way outside. */
function declared({ nodes }: Source): Set<string> {
  const own = new Set<string>();
  const bind = (pattern: unknown): void => {
    if (Array.isArray(pattern)) for (const one of pattern) bind(one);
    if (!isNode(pattern)) return;
    if (pattern.type === 'Identifier') own.add(String(pattern['name']));
    else if (pattern.type === 'ObjectPattern') bind(pattern['properties']);
    else if (pattern.type === 'ArrayPattern') bind(pattern['elements']);
    else bind(pattern['value'] ?? pattern['left'] ?? pattern['argument'] ?? pattern['parameter']);
  };
  for (const { node } of nodes) {
    if (/^(VariableDeclarator|FunctionDeclaration|ClassDeclaration)$/.test(node.type)) bind(node['id']);
    if (/Function/.test(node.type)) bind(node['params']);
    if (/^Import.*Specifier$/.test(node.type)) bind(node['local']);
  }
  return own;
}

const isLiteral = (value: unknown): boolean => isNode(value) && value.type === 'Literal';

/** Whether an identifier stands for a value, and not for a property, a label, a name being declared or a type's member. */
function isReference(node: Node, parent: Node | undefined): boolean {
  if (parent === undefined) return true;
  if (parent.type === 'MemberExpression') return parent['object'] === node || parent['computed'] === true;
  if (/^(Property|MethodDefinition|PropertyDefinition)$/.test(parent.type)) return parent['value'] === node || parent['computed'] === true;
  if (/^(Import|Export|Labeled|Break|Continue)/.test(parent.type)) return false;
  return !/^TS(PropertySignature|MethodSignature|QualifiedName|TypeReference|EnumMember|InterfaceDeclaration|TypeAlias)/.test(parent.type);
}
