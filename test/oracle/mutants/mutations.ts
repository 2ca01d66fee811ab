import { isNode, type Node, type Source } from '../../harness/house/source.ts';

/** One mistake planted in one file: the text from `start` to `end` becomes `to`. */
export interface Mutation {
  readonly path: string;
  readonly line: number;
  readonly start: number;
  readonly end: number;
  readonly from: string;
  readonly to: string;
  /** The line as it stands, by which a reviewed mutation is found again after lines have moved. */
  readonly within: string;
  /** Where it begins in that. */
  readonly column: number;
}

const SWAPPED: Readonly<Record<string, readonly string[]>> = {
  '<': ['<='],
  '<=': ['<'],
  '>': ['>='],
  '>=': ['>'],
  '===': ['!=='],
  '!==': ['==='],
  '+': ['-'],
  '-': ['+'],
  '*': ['+'],
  '&': ['|'],
  '|': ['&'],
  '&&': ['||'],
  '||': ['&&'],
  '+=': ['-='],
  '-=': ['+='],
  '|=': ['&='],
  '&=': ['|='],
  '++': ['--'],
  '--': ['++'],
};

/** Every mutation of a file. */
export function mutationsOf(file: Source): Mutation[] {
  const found: Mutation[] = [];
  const lines = file.text.split('\n');
  const put = (node: { readonly start: number; readonly end: number }, to: string): void => {
    const from = file.text.slice(node.start, node.end);
    const line = file.line(node.start);
    const whole = lines[line - 1] ?? '';
    const column = node.start - file.text.lastIndexOf('\n', node.start - 1) - 1 - (whole.length - whole.trimStart().length);
    if (from !== to) found.push({ path: file.path, line, start: node.start, end: node.end, from, to, within: whole.trim(), column });
  };
  const program = file.nodes[0]?.node;
  if (program !== undefined) visit(program, undefined, file, put);
  return found;
}

type Put = (node: { readonly start: number; readonly end: number }, to: string) => void;

function visit(node: Node, parent: Node | undefined, file: Source, put: Put): void {
  // Types leave no trace, progress is for those who watch, and what only a bug can throw nobody sees.
  if (/^TS(?!AsExpression|NonNull|Satisfies)/.test(node.type) || node.type === 'ImportDeclaration' || node.type === 'ThrowStatement')
    return;
  if (isProgress(node) || isTick(node) || isCharge(node)) return;
  change(node, parent, file, put);
  for (const [key, value] of Object.entries(node)) {
    if (key === 'typeAnnotation' || key === 'returnType' || key === 'typeParameters' || key === 'typeArguments') continue;
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) visit(child, node, file, put);
  }
}

/** `yield { done, of }` */
function isProgress(node: Node): boolean {
  const argument = node['argument'];
  if (node.type !== 'YieldExpression' || node['delegate'] === true || !isNode(argument) || argument.type !== 'ObjectExpression')
    return false;
  const properties = argument['properties'] as readonly Node[];
  return properties.length === 2 && properties.some(({ key }) => isNode(key) && key['name'] === 'done');
}

/** A statement whose only use is that somebody can watch: `yield { done, of }`, also now and then. */
function isTick(node: Node): boolean {
  if (node.type === 'ExpressionStatement') return isNode(node['expression']) && isProgress(node['expression']);
  return node.type === 'IfStatement' && node['alternate'] === null && isNode(node['consequent']) && isTick(node['consequent']);
}

/**
 * `budget.steps -= 4 + n`, where nothing is called or assigned on the right: how much a piece of work is charged changes no answer, only how much of it there may be before
 * the verdict is `undecided`. That steps are charged at all, and that they end, the rounds of loops tell.
 */
function isCharge(node: Node): boolean {
  const { expression } = node;
  if (node.type !== 'ExpressionStatement' || !isNode(expression) || expression.type !== 'AssignmentExpression') return false;
  const { left, right, operator: sign } = expression;
  if (!isNode(left) || left.type !== 'MemberExpression' || !isNode(right) || (sign !== '-=' && sign !== '+=')) return false;
  return isNode(left['property']) && left['property']['name'] === 'steps' && isFigure(right);
}

/** Numbers, names and what they hold, added up and multiplied. */
function isFigure(node: Node): boolean {
  const parts = ['left', 'right', 'object', 'argument', 'expression'].flatMap((name) => (isNode(node[name]) ? [node[name]] : []));
  return /^(Binary|Member|TSAs|Parenthesized)Expression$|^(Literal|Identifier|ThisExpression)$/.test(node.type) && parts.every(isFigure);
}

function change(node: Node, parent: Node | undefined, file: Source, put: Put): void {
  switch (node.type) {
    case 'BinaryExpression':
    case 'LogicalExpression':
    case 'AssignmentExpression':
      // One step more of a loop looks behind the end of a typed array, where nothing is and nothing is found.
      if (!(parent?.type === 'ForStatement' && parent['test'] === node && node.type === 'BinaryExpression')) operator(node, file, put);
      return;
    case 'UpdateExpression':
      for (const to of SWAPPED[String(node['operator'])] ?? []) put(node, file.text.slice(node.start, node.end).replace(/\+\+|--/, to));
      return;
    case 'UnaryExpression':
      if (node['operator'] === '!' || node['operator'] === '-' || node['operator'] === '~') put(node, textOf(node['argument'], file));
      return;
    case 'Literal':
      literal(node, parent, put);
      return;
    case 'IfStatement':
    case 'ConditionalExpression':
      if (isNode(node['test'])) {
        put(node['test'], 'true');
        put(node['test'], 'false');
      }
      return;
    case 'WhileStatement':
    case 'ForStatement':
      if (isNode(node['test'])) put(node['test'], 'false');
      return;
    case 'ExpressionStatement':
    case 'ContinueStatement':
    case 'BreakStatement':
      put(node, ';');
      return;
    case 'ReturnStatement':
      if (parent?.type === 'IfStatement' || node['argument'] === null) put(node, ';');
  }
}

const textOf = (node: unknown, file: Source): string => (isNode(node) ? `(${file.text.slice(node.start, node.end)})` : '');

function operator(node: Node, file: Source, put: Put): void {
  const { left, right } = node;
  if (!isNode(left) || !isNode(right)) return;
  const sign = String(node['operator']);
  const isText = [left, right].some((side) => side.type === 'TemplateLiteral' || typeof side['value'] === 'string');
  if (sign === '+' && isText) return;
  const at = file.text.indexOf(sign, left.end);
  for (const to of SWAPPED[sign] ?? []) put({ start: at, end: at + sign.length }, to);
}

/** From here on numbers are room, budgets and factors of hashes: one more or less changes no verdict. */
const LARGE = 32;

function literal(node: Node, parent: Node | undefined, put: Put): void {
  const { value } = node;
  if (typeof value === 'boolean') put(node, String(!value));
  if (typeof value !== 'number' || value >= LARGE || parent?.['key'] === node) return;
  put(node, `${value + 1}`);
  if (value > 0) put(node, `${value - 1}`);
}
