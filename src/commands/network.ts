import type { Proc } from '../core/ids.ts';
import { isProblem, Problem } from '../core/problem.ts';
import { formatDuration } from '../core/units.ts';
import type { Statement, Word } from '../lang/statement.ts';
import { placeOf, Reader } from '../lang/words.ts';
import { type Answer, type Command, immediate } from '../session/command.ts';
import { sidesOf } from '../session/overview.ts';
import type { Stage } from '../session/stage.ts';
import { layRules } from '../sim/faults.ts';
import type { NetRule } from '../sim/network.ts';
import { type Line, styled, text } from '../view/block.ts';
import { atEnd, findProcesses, nameWords } from './words.ts';

// Partitions, cuts, delays and losses: rules laid over the network. LANGUAGE section 5, "Faults".

/** What the network looks like now, for the answer and for the row. */
function networkAnswer(stage: Stage, ...more: Line[]): Answer {
  const sides = sidesOf(stage.live);
  const line: Line =
    sides.length === 1
      ? [styled('network', 'dim'), ' whole']
      : [styled('network', 'dim'), ' ', sides.map((side) => `{${side.join(' ')}}`).join(' | ')];
  return { blocks: [text(line, ...more)], row: { sides } };
}

/** Lays `rule`s over the others, newest first. */
function over(stage: Stage, rules: readonly NetRule[], nodes: readonly Proc[], keep: (rule: NetRule) => boolean = () => true): void {
  layRules(stage.live.world, [...rules, ...stage.live.world.network.rules.filter(keep)], stage.n, nodes);
}

function readGroups(statement: Statement): readonly (readonly Word[])[] | Problem {
  const reader = new Reader(statement, 'partition a b');
  const groups: (readonly Word[])[] = [];
  for (;;) {
    groups.push(nameWords(reader));
    if (reader.keyword('|') === undefined) break;
  }
  const rest = atEnd(reader);
  if (rest !== undefined) return rest;
  if (groups.some((group) => group.length === 0)) {
    const empty = groups.length === 1 ? 'partition needs the nodes of one side' : 'one side of this partition is empty';
    return new Problem(empty, 'for example: partition a b, or partition a | b c', statement.place);
  }
  return groups;
}

function* partitionAct(stage: Stage, groups: readonly (readonly Word[])[]): Generator<void, Answer | Problem> {
  const { live } = stage;
  const all = findProcesses(stage, groups.flat());
  if (isProblem(all)) return all;
  const group = new Map<Proc, number>();
  let next = 0;
  groups.forEach((words, side) => {
    for (const _ of words) group.set(all[next++] as Proc, side);
  });
  const rest = live.nodes.map((_, i) => i).filter((proc) => !group.has(proc));
  if (rest.length === 0 && groups.length === 1) {
    return new Problem(
      'the other side of this partition would be empty',
      live.nodes.length === 1
        ? `one node alone can only lose its clients: partition ${live.current}`
        : `leave a node out, or name both sides: partition ${live.nodes[0]} | …`,
      stage.statement.place,
    );
  }
  for (const proc of rest) group.set(proc, groups.length);
  over(stage, [{ kind: 'partition', command: stage.n, group, open: [] }], [...group.keys()], (rule) => rule.kind !== 'partition');
  return networkAnswer(stage);
}

export const partition: Command<readonly (readonly Word[])[]> = {
  verb: 'partition',
  usage: ['partition a b', 'partition a | b c', 'partition c', 'partition you'],
  help: 'split the network: the named nodes on one side, all others on the other; it replaces an earlier partition',
  example: 'partition a b',
  group: 'faults',
  changes: 'world',
  read: readGroups,
  act: partitionAct,
};

/** Two ends and whether only the way from the first to the second is meant. */
interface Link {
  readonly from: Word;
  readonly to: Word;
  readonly oneWay: boolean;
}

function readLink(reader: Reader): Link | Problem {
  const from = reader.word('a node');
  if (isProblem(from)) return from;
  const oneWay = reader.keyword('->') !== undefined;
  const arrow = reader.peek();
  if (arrow?.quoted === false && arrow.text.startsWith('<')) {
    return new Problem(
      'one way is written a -> b',
      `turn the two around, or name both ways without an arrow: ${reader.statement.verb} a b`,
      placeOf(arrow),
    );
  }
  const to = reader.word('the other node');
  return isProblem(to) ? to : { from, to, oneWay };
}

function findLink(stage: Stage, link: Link): readonly [Proc, Proc] | Problem {
  const ends = findProcesses(stage, [link.from]);
  if (isProblem(ends)) return ends;
  const others = findProcesses(stage, [link.to]);
  if (isProblem(others)) return others;
  const [from, to] = [ends[0] as Proc, others[0] as Proc];
  return from === to ? new Problem(`${link.to.text} has no link to itself`, 'name two nodes', placeOf(link.to)) : [from, to];
}

/** The directed ways that a link command means. */
function ways(ends: readonly [Proc, Proc], oneWay: boolean): readonly (readonly [Proc, Proc])[] {
  return oneWay ? [ends] : [ends, [ends[1], ends[0]]];
}

export const cut: Command<Link> = {
  verb: 'cut',
  usage: ['cut a b', 'cut a -> b'],
  help: 'cut one link, both ways or one way; cuts add up',
  example: 'cut a b',
  group: 'faults',
  changes: 'world',
  read: (statement) => {
    const reader = new Reader(statement, 'cut a b');
    const link = readLink(reader);
    return isProblem(link) ? link : (atEnd(reader) ?? link);
  },
  act: immediate((stage: Stage, link) => {
    const ends = findLink(stage, link);
    if (isProblem(ends)) return ends;
    over(
      stage,
      ways(ends, link.oneWay).map(([from, to]) => ({ kind: 'cut', command: stage.n, from, to })),
      ends,
    );
    return networkAnswer(stage, [`cut ${link.from.text} ${link.oneWay ? '→' : '–'} ${link.to.text}`]);
  }),
};

export const heal: Command<Link | null> = {
  verb: 'heal',
  usage: ['heal', 'heal a b'],
  help: 'end partitions, cuts, delays and losses, all or those of one link; connections take 100 to 200 ms to come back',
  example: 'heal',
  group: 'faults',
  changes: 'world',
  read: (statement) => {
    const reader = new Reader(statement, 'heal a b');
    if (reader.left === 0) return atEnd(reader) ?? null;
    const link = readLink(reader);
    return isProblem(link) ? link : (atEnd(reader) ?? link);
  },
  act: immediate((stage: Stage, link) => {
    if (link === null) {
      layRules(stage.live.world, [], stage.n, []);
      return networkAnswer(stage);
    }
    const ends = findLink(stage, link);
    if (isProblem(ends)) return ends;
    const mended = ways(ends, link.oneWay);
    const rules = stage.live.world.network.rules.flatMap((rule): NetRule[] => {
      if (rule.kind === 'partition') return [{ ...rule, open: [...rule.open, ...mended] }];
      return mended.some(([from, to]) => rule.from === from && rule.to === to) ? [] : [rule];
    });
    layRules(stage.live.world, rules, stage.n, ends);
    return networkAnswer(stage, [`link ${link.from.text} ${link.oneWay ? '→' : '–'} ${link.to.text} mended`]);
  }),
};

interface Delay extends Link {
  readonly us: number;
}

export const delay: Command<Delay> = {
  verb: 'delay',
  usage: ['delay a b 50ms', 'delay a -> b 20ms'],
  help: "set the pair's round trip to exactly that, or with -> one way",
  example: 'delay a b 50ms',
  group: 'faults',
  changes: 'world',
  read: (statement) => {
    const reader = new Reader(statement, 'delay a b 50ms');
    const link = readLink(reader);
    if (isProblem(link)) return link;
    const us = reader.duration();
    return isProblem(us) ? us : (atEnd(reader) ?? { ...link, us });
  },
  act: immediate((stage: Stage, wish) => {
    const ends = findLink(stage, wish);
    if (isProblem(ends)) return ends;
    // A round trip of an odd number of microseconds is half a microsecond longer one way.
    const there = wish.oneWay ? wish.us : Math.ceil(wish.us / 2);
    const back = Math.floor(wish.us / 2);
    const rules = ways(ends, wish.oneWay).map(
      ([from, to], i): NetRule => ({ kind: 'delay', command: stage.n, from, to, oneWayUs: i === 0 ? there : back }),
    );
    over(stage, rules, ends);
    const what = wish.oneWay
      ? `${wish.from.text} → ${wish.to.text}: ${formatDuration(wish.us)} one way`
      : `${wish.from.text} – ${wish.to.text}: ${formatDuration(wish.us)} round trip`;
    return { blocks: [text([what])] };
  }),
};

interface Loss extends Link {
  readonly percent: number;
}

export const loss: Command<Loss> = {
  verb: 'loss',
  usage: ['loss a b 20%', 'loss a -> b 20%'],
  help: 'drop that share of the messages on a link',
  example: 'loss a b 20%',
  group: 'faults',
  changes: 'world',
  read: (statement) => {
    const reader = new Reader(statement, 'loss a b 20%');
    const link = readLink(reader);
    if (isProblem(link)) return link;
    const percent = reader.percent('the share that is lost');
    return isProblem(percent) ? percent : (atEnd(reader) ?? { ...link, percent });
  },
  act: immediate((stage: Stage, wish) => {
    const ends = findLink(stage, wish);
    if (isProblem(ends)) return ends;
    over(
      stage,
      ways(ends, wish.oneWay).map(([from, to]) => ({ kind: 'loss', command: stage.n, from, to, share: wish.percent / 100 })),
      ends,
    );
    return { blocks: [text([`${wish.from.text} ${wish.oneWay ? '→' : '–'} ${wish.to.text}: loses ${wish.percent} %`])] };
  }),
};
