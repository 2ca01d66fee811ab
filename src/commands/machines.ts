import type { Proc } from '../core/ids.ts';
import { isProblem, Problem } from '../core/problem.ts';
import { formatDuration } from '../core/units.ts';
import type { Statement, Word } from '../lang/statement.ts';
import { placeOf, Reader } from '../lang/words.ts';
import { type Answer, type Command, immediate } from '../session/command.ts';
import { conditionOf } from '../session/overview.ts';
import type { Stage } from '../session/stage.ts';
import {
  crash as crashNode,
  drift as driftNode,
  pause as pauseNode,
  powerLoss,
  restart as restartNode,
  resume as resumeNode,
  skew as skewNode,
  slow as slowNode,
} from '../sim/faults.ts';
import type { Node } from '../sim/node.ts';
import type { World } from '../sim/world.ts';
import { text } from '../view/block.ts';
import { atEnd, findProcesses, findServers, nameWords } from './words.ts';

// What happens to machines and processes: crashes, power, pauses, slowness and clocks.

function readNodes(example: string, none: 'refused' | 'allowed'): (statement: Statement) => readonly Word[] | Problem {
  return (statement) => {
    const reader = new Reader(statement, example);
    const words = nameWords(reader);
    if (words.length === 0 && none === 'refused') return reader.word('a node') as Problem;
    return atEnd(reader) ?? words;
  };
}

function node(stage: Stage, proc: Proc): Node {
  return stage.live.world.nodes[proc] as Node;
}

/** The first of these that is in a condition that forbids the command. */
function refuse(
  stage: Stage,
  words: readonly Word[],
  procs: readonly Proc[],
  bad: (node: Node) => string | undefined,
): Problem | undefined {
  for (const [i, proc] of procs.entries()) {
    const why = bad(node(stage, proc));
    const word = words[i];
    if (why !== undefined) return new Problem(`${stage.live.name(proc)} ${why}`, undefined, word === undefined ? undefined : placeOf(word));
  }
  return undefined;
}

function said(stage: Stage, procs: readonly Proc[], what: string): Answer {
  return { blocks: [text([`${procs.map((proc) => stage.live.name(proc)).join(' ')} ${what}`])] };
}

/** A verb that does one thing to each node that it names. */
interface Deed {
  readonly verb: 'crash' | 'powerloss' | 'restart' | 'resume';
  readonly usage: readonly [string, ...string[]];
  readonly help: string;
  readonly find: (stage: Stage, words: readonly Word[]) => readonly Proc[] | Problem;
  /** Who is meant without names, and what to say if that is nobody; absent: it takes names. */
  readonly everybody?: { readonly where: (node: Node) => boolean; readonly none: Problem };
  /** Why it cannot be done to this one. */
  readonly bad: (node: Node) => string | undefined;
  readonly apply: (world: World, proc: Proc, command: number) => void;
  readonly after?: (stage: Stage) => Generator<void, void>;
  readonly says: string;
}

function deed(about: Deed): Command<readonly Word[]> {
  const { verb, usage, help, everybody } = about;
  return {
    verb,
    usage,
    help,
    example: usage[0],
    group: 'faults',
    changes: 'world',
    read: readNodes(usage[0], everybody === undefined ? 'refused' : 'allowed'),
    *act(stage, words) {
      const named = about.find(stage, words);
      if (isProblem(named)) return named;
      const { world } = stage.live;
      const procs = words.length > 0 || everybody === undefined ? named : world.nodes.filter(everybody.where).map((n) => n.self);
      if (procs.length === 0 && everybody !== undefined) return everybody.none;
      const bad = refuse(stage, words, procs, about.bad);
      if (bad !== undefined) return bad;
      for (const proc of procs) about.apply(world, proc, stage.n);
      if (about.after !== undefined) yield* about.after(stage);
      return said(stage, procs, about.says);
    },
  };
}

export const crash = deed({
  verb: 'crash',
  usage: ['crash a', 'crash a b'],
  help: 'kill -9: memory is lost, every disk write is kept, connections are reset; down until restart',
  find: findServers,
  bad: (n) => (n.up ? undefined : 'is down already; restart it first'),
  apply: crashNode,
  says: 'down (crashed)',
});

export const powerloss = deed({
  verb: 'powerloss',
  usage: ['powerloss a b'],
  help: 'the machine goes dark: only what was flushed to disk is left; down until restart',
  find: findServers,
  bad: (n) => (n.silent ? 'has no power already; restart it first' : undefined),
  apply: powerLoss,
  says: 'down (power lost)',
});

export const restart = deed({
  verb: 'restart',
  usage: ['restart a', 'restart'],
  help: 'start nodes again from their disks; without names all that are down',
  find: findServers,
  everybody: { where: (n) => !n.up, none: new Problem('no node is down', 'crash or powerloss one first') },
  bad: (n) => (n.up ? 'is running; only a node that is down can be restarted' : undefined),
  apply: restartNode,
  *after(stage) {
    const { world, system } = stage.live;
    // With an & operation open the race is what was asked for, as in `land`.
    if (world.open.size === 0) yield* stage.pass(world.nowUs + (system.greetingUs ?? 0));
  },
  says: 'started',
});

export const resume = deed({
  verb: 'resume',
  usage: ['resume a', 'resume'],
  help: 'let paused processes go on; without names all that are paused',
  find: findProcesses,
  everybody: { where: (n) => n.paused, none: new Problem('nothing is paused', 'pause a node first: pause a 8s') },
  bad: (n) => (n.paused ? undefined : `is not paused (${conditionOf(n)})`),
  apply: resumeNode,
  says: 'runs again',
});

interface Pause {
  readonly words: readonly Word[];
  readonly us: number | undefined;
}

export const pause: Command<Pause> = {
  verb: 'pause',
  usage: ['pause a 8s', 'pause a'],
  help: 'freeze a process while its clock runs (garbage collection, a stopped virtual machine), for that long or until resume',
  example: 'pause a 8s',
  group: 'faults',
  changes: 'world',
  read: (statement) => {
    const reader = new Reader(statement, 'pause a 8s');
    const words = nameWords(reader);
    const last = words.at(-1);
    const timed = last !== undefined && words.length > 1 && /^[\d.+-]/.test(last.text);
    const named = timed ? words.slice(0, -1) : words;
    if (named.length === 0) return reader.word('a node') as Problem;
    const rest = atEnd(reader);
    if (rest !== undefined) return rest;
    if (!timed) return { words: named, us: undefined };
    const us = new Reader({ ...statement, words: [last] }, 'pause a 8s').duration();
    return isProblem(us) ? us : { words: named, us };
  },
  act: immediate((stage: Stage, wish) => {
    const procs = findProcesses(stage, wish.words);
    if (isProblem(procs)) return procs;
    const bad = refuse(stage, wish.words, procs, (n) => (n.up ? undefined : 'is down; restart it first'));
    if (bad !== undefined) return bad;
    for (const proc of procs) pauseNode(stage.live.world, proc, wish.us, stage.n);
    return said(stage, procs, wish.us === undefined ? 'paused' : `paused for ${formatDuration(wish.us)}`);
  }),
};

/** A node and a figure. */
interface Tuned {
  readonly word: Word;
  readonly value: number;
}

function tuned(
  verb: 'slow' | 'skew' | 'drift',
  usage: readonly string[],
  help: string,
  figure: (reader: Reader) => number | Problem,
  apply: (stage: Stage, proc: Proc, value: number) => string,
): Command<Tuned> {
  const example = usage[0] ?? verb;
  return {
    verb,
    usage,
    help,
    example,
    group: 'faults',
    changes: 'world',
    read: (statement) => {
      const reader = new Reader(statement, example);
      const word = reader.word('a node');
      if (isProblem(word)) return word;
      const value = figure(reader);
      return isProblem(value) ? value : (atEnd(reader) ?? { word, value });
    },
    act: immediate((stage: Stage, wish) => {
      const proc = stage.node(wish.word);
      return isProblem(proc) ? proc : said(stage, [proc], apply(stage, proc, wish.value));
    }),
  };
}

export const slow = tuned(
  'slow',
  ['slow c 500ms', 'slow c 0ms'],
  'the node handles each message that much later; 0ms mends it',
  (reader) => reader.duration(),
  (stage, proc, us) => {
    slowNode(stage.live.world, proc, us, stage.n);
    return us === 0 ? 'at full speed' : `handles each message ${formatDuration(us)} later`;
  },
);

export const skew = tuned(
  'skew',
  ['skew b +60s', 'skew b -200ms', 'skew b 0s'],
  'set how far the wall clock of a node is off; timers do not notice',
  (reader) => reader.duration('how far the clock is off', true),
  (stage, proc, us) => {
    skewNode(stage.live.world, proc, us, stage.n);
    return us === 0 ? 'has a true clock' : `has a clock that is ${formatDuration(Math.abs(us))} ${us > 0 ? 'fast' : 'slow'}`;
  },
);

export const drift = tuned(
  'drift',
  ['drift a 0.25x', 'drift a 1x'],
  "let a node's clock and timers run at another rate; 1x mends it",
  (reader) => {
    const word = reader.peek();
    const factor = reader.factor('the rate');
    if (isProblem(factor) || (factor >= 0.001 && factor <= 1000)) return factor;
    return new Problem('a clock runs at 0.001x to 1000x', 'for example: drift a 0.25x', word === undefined ? undefined : placeOf(word));
  },
  (stage, proc, rate) => {
    driftNode(stage.live.world, proc, rate, stage.n);
    return rate === 1 ? 'has a clock at the true rate' : `has a clock that runs at ${rate}x`;
  },
);
