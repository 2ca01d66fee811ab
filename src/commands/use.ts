import { NO_PROC } from '../core/ids.ts';
import { isProblem, Problem } from '../core/problem.ts';
import { didYouMean } from '../core/suggest.ts';
import { clip } from '../core/units.ts';
import { checkName } from '../lang/names.ts';
import type { Option, Statement, Word } from '../lang/statement.ts';
import { placeOf, Reader } from '../lang/words.ts';
import { type Command, immediate } from '../session/command.ts';
import { configOf, Live, type Setup } from '../session/live.ts';
import { readOptions } from '../session/options.ts';
import type { Stage } from '../session/stage.ts';
import { type System, systemNamed, systems } from '../systems/index.ts';
import { type Block, styled, text } from '../view/block.ts';

/** The most servers that one cluster may have: tables over pairs stay small. */
const MOST_NODES = 500;
const OWN = ['seed', 'net', 'nodes', 'leader', 'boot'];

/** A setup whose seed may still be the session's. */
interface Wish {
  readonly setup: Omit<Setup, 'seed'>;
  readonly seed: number | undefined;
}

function read(statement: Statement): Wish | Problem {
  const reader = new Reader(statement, 'use etcd');
  const word = reader.word('the name of a system');
  if (isProblem(word)) return new Problem(word.what, `the systems are ${systems.map((s) => s.name).join(', ')}`, word.at);
  const system = systemNamed(word.text);
  if (system === undefined) return unknownSystem(word);
  const own = new Map<string, Option>();
  const rest: Option[] = [];
  for (const option of statement.options) {
    if (OWN.includes(option.name.text)) own.set(option.name.text, option);
    else rest.push(option);
  }
  const nodes = readNodes(reader, own.get('nodes'));
  if (isProblem(nodes)) return nodes;
  const options = readOptions(system, 'use', rest);
  if (isProblem(options)) return options;
  const placed = reader.noNode() ?? reader.foreground();
  if (placed !== undefined) return placed;
  return finish(system, nodes, options, own);
}

function unknownSystem(word: Word): Problem {
  const near = didYouMean(
    word.text,
    systems.map((s) => s.name),
  );
  const list = systems.map((s) => s.name).join(', ');
  return new Problem(
    `there is no system "${clip(word.text)}" yet`,
    `${near === undefined ? '' : `did you mean ${near}? `}the systems are ${list}`,
    placeOf(word),
  );
}

function finish(system: System, nodes: readonly string[], options: Setup['options'], own: ReadonlyMap<string, Option>): Wish | Problem {
  const seed = own.get('seed');
  const number = seed === undefined ? undefined : readSeed(seed.value);
  if (isProblem(number)) return number;
  const net = choice(own.get('net'), ['lan', 'wan']);
  if (isProblem(net)) return net;
  const boot = choice(own.get('boot'), ['warm', 'cold']);
  if (isProblem(boot)) return boot;
  const leader = readLeader(system, nodes, own.get('leader'));
  if (isProblem(leader)) return leader;
  const setup = {
    system,
    nodes,
    net: net === 'wan' ? ('wan' as const) : ('lan' as const),
    options,
    leader: boot === 'cold' ? NO_PROC : leader,
    cold: boot === 'cold',
  };
  const tried = configOf(system, options, nodes.length);
  return isProblem(tried) ? tried : { setup, seed: number };
}

function readSeed(word: Word): number | Problem {
  return /^\d{1,10}$/.test(word.text) && Number(word.text) <= 4294967295
    ? Number(word.text)
    : new Problem(`a seed is a whole number from 0 to 4294967295, not "${clip(word.text)}"`, 'write for example seed=7', placeOf(word));
}

function choice(option: Option | undefined, known: readonly string[]): string | undefined | Problem {
  if (option === undefined) return undefined;
  const value = option.value.text.toLowerCase();
  if (known.includes(value)) return value;
  return new Problem(`${option.name.text} cannot be "${clip(option.value.text)}"`, `it is ${known.join(' or ')}`, placeOf(option.value));
}

function readLeader(system: System, nodes: readonly string[], option: Option | undefined): number | Problem {
  if (option === undefined) return system.hasLeader ? 0 : NO_PROC;
  if (!system.hasLeader) return new Problem(`${system.title} has no leader`, 'leave leader= out', placeOf(option.name));
  const at = nodes.indexOf(option.value.text);
  return at >= 0
    ? at
    : new Problem(
        `leader=${clip(option.value.text)} is none of the nodes`,
        `the nodes are ${nodes.slice(0, 12).join(' ')}`,
        placeOf(option.value),
      );
}

/** `a b c`, `a,b,c`, `nodes=5`, `nodes=a,b,c`; nothing means a b c. */
function readNodes(reader: Reader, option: Option | undefined): readonly string[] | Problem {
  const words: Word[] = [];
  while (reader.left > 0) {
    const word = reader.word('a node');
    if (isProblem(word)) return word;
    words.push(...splitCommas(word));
  }
  if (option !== undefined && words.length > 0)
    return new Problem('the nodes are given twice', 'keep the names or nodes=', placeOf(option.name));
  if (option !== undefined && /^\d+$/.test(option.value.text)) return counted(option.value);
  if (option !== undefined) words.push(...splitCommas(option.value));
  if (words.length === 0) return ['a', 'b', 'c'];
  return named(words);
}

function named(words: readonly Word[]): readonly string[] | Problem {
  const names: string[] = [];
  for (const word of words) {
    const bad = checkName(word, 'node');
    if (bad !== undefined) return bad;
    if (word.text === 'you')
      return new Problem('"you" is the first client, so no node can have that name', 'choose another name', placeOf(word));
    if (names.includes(word.text)) return new Problem(`node ${clip(word.text)} is named twice`, 'name each node once', placeOf(word));
    names.push(word.text);
  }
  return names.length <= MOST_NODES ? names : new Problem(`${names.length} nodes are too many`, `a cluster has at most ${MOST_NODES}`);
}

function counted(word: Word): readonly string[] | Problem {
  const count = Number(word.text);
  if (!(count >= 1 && count <= MOST_NODES))
    return new Problem(`a cluster has 1 to ${MOST_NODES} nodes, not ${clip(word.text)}`, 'write for example nodes=5', placeOf(word));
  return nodeNames(count);
}

/** LANGUAGE section 5: a … z up to 26, else n1 … */
export function nodeNames(count: number): readonly string[] {
  return Array.from({ length: count }, (_, i) => (count <= 26 ? String.fromCharCode(97 + i) : `n${i + 1}`));
}

function splitCommas(word: Word): Word[] {
  if (word.quoted || !word.text.includes(',')) return [word];
  return word.text
    .split(',')
    .filter((part) => part !== '')
    .map((part) => ({ ...word, text: part }));
}

export function startBlocks(live: Live): readonly Block[] {
  const { system, nodes, setup } = live;
  const list = nodes.length <= 26 ? `: ${nodes.join(' ')}` : `: ${nodes.slice(0, 3).join(' ')} … ${nodes.at(-1)}`;
  const leader = setup.leader === NO_PROC ? (system.hasLeader ? ' · no leader yet' : '') : ` · leader ${nodes[setup.leader]}`;
  return [text([styled(system.name, 'strong'), ` · ${nodes.length} node${nodes.length === 1 ? '' : 's'}${list}${leader}`])];
}

export const use: Command<Wish> = {
  verb: 'use',
  usage: ['use etcd', 'use cassandra a b c d e rf=3', 'use etcd nodes=5 seed=7 net=wan', 'use etcd leader=c', 'use etcd boot=cold'],
  help: 'a fresh cluster of that system at time 0, connected and empty, the first node leading where there are leaders',
  example: 'use etcd',
  group: 'session',
  changes: 'world',
  read,
  act: immediate((stage: Stage, wish) => {
    const live = Live.start({ ...wish.setup, seed: wish.seed ?? stage.host.defaultSeed }, undefined);
    if (isProblem(live)) return live;
    stage.live = live;
    return { blocks: startBlocks(live) };
  }),
};

export const reset: Command<null> = {
  verb: 'reset',
  usage: ['reset'],
  help: 'the same cluster afresh, at time 0 (undo takes it back)',
  example: 'reset',
  group: 'time',
  changes: 'world',
  read: (statement) => {
    const reader = new Reader(statement, 'reset');
    return reader.end() ?? reader.noOptions() ?? reader.noNode() ?? reader.foreground() ?? null;
  },
  act: immediate((stage: Stage) => {
    const live = Live.start(stage.live.setup, undefined);
    if (isProblem(live)) return live;
    stage.live = live;
    return { blocks: startBlocks(live) };
  }),
};
