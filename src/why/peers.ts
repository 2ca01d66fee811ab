import { NO_OP, type Op, type Proc } from '../core/ids.ts';
import { BEAT, BECAUSE, REPLIED, SENT } from '../sim/trace.ts';
import type { Line, Tree } from '../view/block.ts';
import { asked, isMet, lastRow, unmetTree, type Waiting, waitings } from './needs.ts';
import type { LostGroup, Teller } from './teller.ts';
import { culpritOf, type Way, way, whereabouts } from './way.ts';
import { count, line, often, plain, shortTime, span, tree } from './words.ts';

/** What became of one missing answer. Peers with the same story are told of together. */
interface Story {
  readonly key: string;
  readonly peers: Proc[];
  /** LOST rows, for the links to name. */
  readonly lost: LostGroup[];
  readonly say: (peers: readonly Proc[], lost: readonly LostGroup[]) => Line;
  readonly children: readonly Tree[];
}

export function peerStories(teller: Teller, waiting: Waiting, missing: readonly Proc[], depth: number, seen: Set<number>): readonly Tree[] {
  const stories: Story[] = [];
  for (const peer of missing) {
    const story = storyOf(teller, waiting, peer, depth, seen);
    const same = story.children.length > 0 ? undefined : stories.find((other) => other.key === story.key && other.children.length === 0);
    if (same === undefined) stories.push(story);
    else {
      same.peers.push(peer);
      same.lost.push(...story.lost);
    }
  }
  return stories.map((story) => tree(story.say(story.peers, story.lost), story.children));
}

function storyOf(teller: Teller, waiting: Waiting, peer: Proc, depth: number, seen: Set<number>): Story {
  const asker = teller.name(waiting.proc);
  const sent = asked(teller, waiting, peer);
  if (peer === waiting.proc) return plainStory('self', peer, () => line(`${asker} itself was not ready`));
  if (sent.length === 0) return notAsked(teller, waiting, peer);
  const there = way(teller, waiting.proc, peer, sent);
  if (there.handled.length > 0) return afterArrival(teller, waiting, there, depth, seen);
  const rhythm = often(sent.map((row) => teller.timeUs(row)));
  if (there.lost.length === 0) {
    const where = whereabouts(teller, there);
    return plainStory(`underway ${plain(where)}`, peer, (peers) => line(`what ${asker} asked ${teller.names(peers)} `, where));
  }
  const lost = [...teller.groups(there.lost)];
  return {
    key: `lost ${reasons(lost)} ${rhythm}`,
    peers: [peer],
    lost,
    say: (peers, groups) => line(`${asker} asked ${teller.names(peers)}${rhythm === '' ? '' : ` ${rhythm}`}: `, teller.loss(groups)),
    children: [],
  };
}

function plainStory(key: string, peer: Proc, say: Story['say'], children: readonly Tree[] = []): Story {
  return { key, peers: [peer], lost: [], say, children };
}

/** Nothing was sent there at all: what is known of the way between the two, from whatever else went along it. */
function notAsked(teller: Teller, waiting: Waiting, peer: Proc): Story {
  const { reading } = teller;
  const since = reading.handler(waiting.rows[0] ?? 0);
  const lost = reading.losses.filter((row) => {
    const { proc, peer: from } = reading.trace;
    return row >= since && ((proc[row] === waiting.proc && from[row] === peer) || (proc[row] === peer && from[row] === waiting.proc));
  });
  const asker = teller.name(waiting.proc);
  const lately = lost.slice(-8);
  if (lately.length === 0) return plainStory('unasked', peer, (peers) => line(`${asker} did not ask ${teller.names(peers)}`));
  const groups = [...teller.groups(lately)];
  return {
    key: `unasked ${reasons(groups)}`,
    peers: [peer],
    lost: groups,
    say: (peers, all) => line(`${asker} did not ask ${teller.names(peers)}: messages between them are `, teller.loss(all)),
    children: [],
  };
}

function reasons(groups: readonly LostGroup[]): string {
  return groups.map(({ loss }) => `${loss.why} ${loss.command}`).join();
}

/** The question arrived: what the peer did with it, and what became of its answer. */
function afterArrival(teller: Teller, waiting: Waiting, there: Way, depth: number, seen: Set<number>): Story {
  const peer = there.to;
  const name = teller.name(peer);
  const inner = innerNeed(teller, waiting.op, peer, seen);
  if (inner !== undefined) {
    const nested = unmetTree(teller, inner, depth - 1, seen);
    return plainStory(`waits ${peer}`, peer, () => line(span(name, 'node'), ' was asked; ', nested.line), nested.children);
  }
  const dealt = dealings(teller, there.handled);
  const back = way(teller, peer, waiting.proc, answers(teller, waiting, peer, dealt));
  if (back.lost.length > 0 && back.handled.length === 0) {
    const lost = [...teller.groups(back.lost)];
    const rhythm = often(back.lost.map((row) => teller.timeUs(row)));
    return {
      key: `unheard ${reasons(lost)} ${rhythm}`,
      peers: [peer],
      lost,
      say: (peers, groups) => line(`${teller.names(peers)} answered${rhythm === '' ? '' : ` ${rhythm}`}: `, teller.loss(groups)),
      children: [],
    };
  }
  if (back.underway.length > 0 && back.handled.length === 0) {
    const where = whereabouts(teller, back);
    return plainStory(`answer ${plain(where)}`, peer, (peers) => line(`the answer of ${teller.names(peers)} `, where));
  }
  const partly = there.lost.length === 0 ? '' : ` (${count(there.lost.length, 'other message')} to it lost)`;
  if (there.lost.length > 0) teller.loss(teller.groups(there.lost));
  const late = lateness(teller, there, back);
  if (late !== undefined) return plainStory(`late ${peer}`, peer, () => line(`${name} was asked, and answered `, late, partly));
  const said = saidAt(teller, dealt) ?? saidAt(teller, back.handled);
  if (said !== undefined) return plainStory(`said ${said}`, peer, () => line(`${name} was asked: `, said, partly));
  const fall = teller.fallOf(peer, there.handled.at(-1) ?? 0);
  if (fall !== undefined) {
    teller.blame(fall.verb === 'crash' ? 'down' : 'off', fall.command, [peer]);
    return plainStory(`fell ${fall.command}`, peer, (peers) =>
      line(`${teller.names(peers)} got the question, and went down before answering: `, teller.command(fall.command)),
    );
  }
  const what = back.handled.length > 0 ? 'answered, which did not count' : 'got the question, and has not answered';
  return plainStory(what, peer, (peers) => line(`${teller.names(peers)} ${what}${partly}`));
}

/** Answers that came too late to help, with the command that slowed them: `only after 3 s, delayed by command 4, delay b c 3s`. */
function lateness(teller: Teller, there: Way, back: Way): Line | undefined {
  const asked = there.sent.find((row) => teller.reading.end(row) > 0);
  const heard = back.handled[0];
  if (asked === undefined || heard === undefined) return undefined;
  const culprit = culpritOf(teller, there);
  const us = teller.timeUs(heard) - teller.timeUs(asked);
  return culprit === undefined || us < LATE_US ? undefined : line(`only after ${shortTime(us)}, `, culprit);
}

/** A round trip of this length is worth a word. */
const LATE_US = 20_000;

/** What the peer itself still waits for on behalf of this operation. */
function innerNeed(teller: Teller, op: Op, peer: Proc, seen: Set<number>): Waiting | undefined {
  if (op === NO_OP) return undefined;
  const own = waitings(teller, teller.reading.ofOp(op)).filter((one) => one.proc === peer && !isMet(one) && !seen.has(lastRow(one)));
  return own.at(-1);
}

/** The handlers in which a peer dealt with something: those it arrived in and, through messages to itself, what followed. */
function dealings(teller: Teller, arrived: readonly number[]): readonly number[] {
  const { trace } = teller.reading;
  const out = [...arrived];
  for (let i = 0; i < out.length && out.length < 200; i++) {
    for (const row of teller.reading.consequences(out[i] as number)) {
      const end = teller.reading.isMessage(row) && trace.peer[row] === trace.proc[row] ? teller.reading.end(row) : 0;
      if (end > 0 && !out.includes(end)) out.push(end);
    }
  }
  return out;
}

function answers(teller: Teller, waiting: Waiting, peer: Proc, dealt: readonly number[]): readonly number[] {
  const { reading } = teller;
  const { trace } = reading;
  const isBack = (row: number): boolean =>
    trace.proc[row] === peer &&
    trace.peer[row] === waiting.proc &&
    (trace.kind[row] === SENT || trace.kind[row] === BEAT || trace.kind[row] === REPLIED);
  const direct = dealt.flatMap((handler) => reading.consequences(handler).filter(isBack));
  if (direct.length > 0 || waiting.op === NO_OP) return direct;
  return reading.ofOp(waiting.op).filter(isBack);
}

/** The last reason stated in any of these handlers. */
function saidAt(teller: Teller, handlers: readonly number[]): string | undefined {
  const { trace } = teller.reading;
  const rows = handlers.flatMap((handler) => teller.reading.consequences(handler)).filter((row) => trace.kind[row] === BECAUSE);
  const last = rows.at(-1);
  return last === undefined ? undefined : teller.because(last);
}

/** Of a need that was met: the answers that were missing all the same because a fault kept them, which explains who has no copy. */
export function hinderedStories(teller: Teller, waiting: Waiting): readonly Tree[] {
  const missing = waiting.need.of.filter((peer) => !waiting.need.have.includes(peer));
  const hindered = missing.filter((peer) => {
    const sent = asked(teller, waiting, peer);
    const there = way(teller, waiting.proc, peer, sent);
    return there.handled.length === 0 && (there.lost.length > 0 || (there.underway.length > 0 && teller.pausedBy(peer) !== undefined));
  });
  return peerStories(teller, waiting, hindered, 0, new Set());
}
