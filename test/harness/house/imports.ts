import { posix } from 'node:path';
import { type Finding, isNode, type Node, type Source } from './source.ts';

/** How much of another room a room may take: all of it, or its types, which leave no trace in the running program. */
type Leave = 'values' | 'types';

/**
 * Who may know whom. A room is a folder of src/; three are told apart inside systems/: `contract` is system.ts, which says
 * what a system is, `systems` is index.ts, which lists them, and `system` is the folder of one of them.
 */
const leave: Readonly<Record<string, Readonly<Record<string, Leave>>>> = {
  core: {},
  sim: { core: 'values' },
  protocols: { core: 'values', sim: 'values' },
  contract: { core: 'values', sim: 'values', protocols: 'types' },
  system: { core: 'values', sim: 'values', protocols: 'values', contract: 'values' },
  systems: { core: 'values', contract: 'values', system: 'values' },
  history: { core: 'values', sim: 'types' },
  checkers: { core: 'values', history: 'values' },
  library: { core: 'values', history: 'values', checkers: 'values' },
  lang: { core: 'values' },
  view: { core: 'values', sim: 'types', session: 'types' },
  session: { core: 'values', sim: 'values', systems: 'values', contract: 'values', history: 'values', lang: 'values', view: 'types' },
  why: { core: 'values', sim: 'values', contract: 'types', history: 'values', view: 'types', session: 'types' },
  hunt: {
    ...{ core: 'values', sim: 'values', contract: 'values', systems: 'values', history: 'values', checkers: 'values' },
    ...{ lang: 'values', view: 'types', session: 'values' },
  },
  commands: {
    ...{ core: 'values', sim: 'values', contract: 'values', systems: 'values', history: 'values', checkers: 'values' },
    ...{ lang: 'values', view: 'values', session: 'values', why: 'values', hunt: 'values' },
  },
  book: {
    ...{ core: 'values', sim: 'values', contract: 'values', systems: 'values', history: 'values', checkers: 'values' },
    ...{ lang: 'values', view: 'values', session: 'values', why: 'values', hunt: 'values', commands: 'values' },
  },
};

/** Packages of other people that a room outside the shells may use: those that compute, and look at nothing outside. */
const packages: Readonly<Record<string, readonly string[]>> = {
  core: ['fastest-levenshtein'],
  view: ['string-width', 'wrap-ansi', 'slice-ansi'],
  book: ['marked', 'js-yaml'],
};

/** What only the full screen may load: heavy, or looking at the environment while it is imported. */
const screenPackages = ['react', 'react-dom', 'ink', 'ink-text-input', 'marked-terminal', 'chalk'];

interface Import {
  readonly to: string;
  readonly typesOnly: boolean;
  readonly lazy: boolean;
  readonly at: number;
}

export function importsOf({ nodes }: Source): Import[] {
  const found: Import[] = [];
  for (const { node } of nodes) {
    const from = node['source'];
    if (!isNode(from) || typeof from['value'] !== 'string') continue;
    if (!/^(Import|Export)/.test(node.type) && node.type !== 'TSImportType') continue;
    const lazy = node.type === 'ImportExpression';
    found.push({ to: from['value'], typesOnly: node.type === 'TSImportType' || typesOnly(node), lazy, at: node.start });
  }
  return found;
}

function typesOnly(node: Node): boolean {
  if (node['importKind'] === 'type' || node['exportKind'] === 'type') return true;
  const specifiers = node['specifiers'];
  if (!Array.isArray(specifiers) || specifiers.length === 0) return false; // `import 'x'` is there for what it does
  return specifiers.every((one) => isNode(one) && (one['importKind'] === 'type' || one['exportKind'] === 'type'));
}

/** The room a file lies in, with the folder that makes it this one and no other (`system/etcd`, `shells/tui`). */
export function roomOf(path: string): { readonly room: string; readonly folder: string } | undefined {
  const [top, first, second, ...rest] = path.split('/');
  if (top !== 'src' || first === undefined) return undefined;
  if (second === undefined) return first === 'cli.ts' ? { room: 'cli', folder: 'cli' } : undefined;
  if (first === 'systems') {
    if (rest.length > 0) return { room: 'system', folder: second };
    return second === 'index.ts' ? { room: 'systems', folder: '' } : second === 'system.ts' ? { room: 'contract', folder: '' } : undefined;
  }
  // A shell that is small enough to be one file is a room of the same kind as one with a folder.
  if (first === 'shells') return { room: 'shells', folder: second.replace(/\.tsx?$/, '') };
  return first in leave ? { room: first, folder: '' } : undefined;
}

export function importFindings(file: Source): Finding[] {
  const here = roomOf(file.path);
  if (here === undefined) {
    return [{ path: file.path, line: 1, says: 'lies in no room of the house: give it one, or the house a new room in test/harness/house' }];
  }
  return importsOf(file).flatMap((one) => {
    const says = one.to.startsWith('.') ? ownFile(file.path, here, one) : foreign(here, one);
    return says === undefined ? [] : [{ path: file.path, line: file.line(one.at), says }];
  });
}

type Room = NonNullable<ReturnType<typeof roomOf>>;

const outside = (room: string): boolean => room === 'shells' || room === 'cli';

function foreign({ room, folder }: Room, { to }: Import): string | undefined {
  const name = to.startsWith('@') ? to.split('/', 2).join('/') : to.split('/', 1)[0];
  if (!outside(room)) {
    return packages[room]?.includes(to) ? undefined : `${room} imports ${to}: only the shells touch the outside and other people's code`;
  }
  if (name !== undefined && screenPackages.includes(name) && folder !== 'tui') return `imports ${to}, which only shells/tui may load`;
  return undefined;
}

function ownFile(path: string, here: Room, one: Import): string | undefined {
  const target = posix.join(posix.dirname(path), one.to);
  const there = roomOf(target);
  if (there === undefined) return target === 'package.json' && outside(here.room) ? undefined : `imports ${target}, which lies in no room`;
  if (outside(here.room)) return fromOutside(here, there, one, target);
  if (one.lazy) return `loads ${target} lazily: what is loaded when, only the shells and cli.ts decide`;
  if (there.room === here.room && there.folder === here.folder) return undefined;
  const how = there.room === here.room ? undefined : leave[here.room]?.[there.room];
  if (how === 'values' || (how === 'types' && one.typesOnly)) return undefined;
  if (how === 'types') return `${here.room} may know ${target} by its types only: \`import type\``;
  return `${here.room} must not know ${target}`;
}

/** Shells and cli.ts may take from every room, but no particular system, and never the screen as a part of themselves. */
function fromOutside(here: Room, there: Room, { typesOnly, lazy }: Import, target: string): string | undefined {
  if (there.room === 'system') return `names a particular system (${target}): ask systems/index.ts`;
  if (there.room === 'cli') return `imports ${target}: the shells are started, they start nothing`;
  if (there.folder === 'tui' && here.folder !== 'tui' && there.room === 'shells' && !lazy && !typesOnly) {
    return `imports ${target} from the start: React would be loaded where nobody wants a screen; use import()`;
  }
  return undefined;
}
