import type { Op, Proc } from '../core/ids.ts';
import { must } from '../core/unreachable.ts';
import type { Node } from './node.ts';
import { BROKEN, DELIVER, type Event } from './queue.ts';
import { arrivalUs, lossOnWay } from './route.ts';
import { BEAT, LOST, type Loss, REPLIED, SENT } from './trace.ts';
import type { World } from './world.ts';

/** How messages leave and how they fail to come: the kernel's side of the network. What happens to those that come is in world.ts. */

/** A message of a server or a driver; `background` is periodic work. */
export function transmit(world: World, from: Node, to: Proc, body: unknown, op: Op, cause: number, background: boolean): void {
  const target = must(world.nodes[to], 'messages go to processes that exist');
  const trace = world.trace;
  const row = trace === undefined ? 0 : trace.add(background ? BEAT : SENT, world.nowUs, from.self, to, cause, op, 0, body);
  const event = world.blank(DELIVER, to, from.self, op, row, background, background ? 0 : 1);
  event.body = body;
  event.epoch = from.isClient ? connect(world, op, target) : target.epoch;
  sendOff(world, event, from.self, to, op);
}

/** Opens the operation's connection to a server, or finds the one that there is; returns the life of the server that it leads to. */
function connect(world: World, op: Op, server: Node): number {
  const open = world.open.get(op);
  if (open === undefined) return server.epoch;
  const at = open.openAt.indexOf(server.self);
  if (at >= 0) return must(open.openSince[at], 'every connection has its time');
  // Nearly every operation has one connection in its life. Lists made for it are as long as it takes; `push` would make room for seventeen.
  const first = open.openAt.length === 0;
  open.openAt = first ? [server.self] : [...open.openAt, server.self];
  open.openSince = first ? [server.epoch] : [...open.openSince, server.epoch];
  return server.epoch;
}

/** A server's answer to the client that has `op` open. */
export function answer(world: World, from: Node, op: Op, body: unknown, cause: number): void {
  const open = world.open.get(op);
  // A client that has given up has closed its connection: nobody is there to hear.
  if (open === undefined) return;
  const row = world.trace === undefined ? 0 : world.trace.add(REPLIED, world.nowUs, from.self, open.client, cause, op, 0, body);
  const event = world.blank(DELIVER, open.client, from.self, op, row, false, 1);
  event.body = body;
  sendOff(world, event, from.self, open.client, op);
}

/** Why a message that has travelled to `node` is not handled there; undefined: it is. */
export function lossAtArrival(world: World, event: Event, node: Node): Loss | undefined {
  if (!node.up) return { why: node.silent ? 'off' : 'down', command: node.downBy };
  if (event.epoch !== node.epoch) return { why: 'old-connection', command: node.downBy };
  if (!world.network.ruled || event.from === event.to) return undefined;
  return lossOnWay(world, event.from, event.to, event.op, false);
}

/** A message that finds no process: its client hears of it unless the machine is dark; between servers it is just gone. */
export function lose(world: World, event: Event, node: Node, loss: Loss): void {
  const client = world.nodes[event.from] as Node;
  if (client.isClient && (loss.why === 'down' || loss.why === 'old-connection')) {
    world.trace?.add(LOST, world.nowUs, node.self, event.from, event.cause, event.op, 0, loss);
    breakConnection(world, event.op, node.self, loss.why === 'down' ? 0 : 1, event.cause);
    world.queue.release(event);
  } else if (client.isClient && loss.why === 'off' && event.epoch === node.epoch && world.open.get(event.op)?.pinned === false) {
    world.trace?.add(LOST, world.nowUs, node.self, event.from, event.cause, event.op, 0, loss);
    giveUpDialling(world, event, node.self);
    world.queue.release(event);
  } else drop(world, event, loss);
}

/** How long a client that may choose its server dials one that has no power: etcdctl's `--dial-timeout`, in microseconds. */
const DIAL_US = 2_000_000;

/** Nobody takes the connection of a request that was sent when the machine was dark already: the client learns nothing but that. */
function giveUpDialling(world: World, request: Event, server: Proc): void {
  const event = hangUp(world, request.op, server, 2, request.cause);
  if (event === undefined) return;
  event.at = world.nowUs + DIAL_US;
  world.push(event);
}

/** Tells a client that its connection to `server` is gone: 0 refused, 1 reset. */
export function breakConnection(world: World, op: Op, server: Proc, how: 0 | 1, cause: number): void {
  const event = hangUp(world, op, server, how, cause);
  if (event !== undefined) sendOff(world, event, server, event.to, op);
}

/** Forgets a connection, and makes the event by which its client learns of it. Undefined: the operation is over, and nobody waits for the news. */
function hangUp(world: World, op: Op, server: Proc, how: 0 | 1 | 2, cause: number): Event | undefined {
  const open = world.open.get(op);
  if (open === undefined) return undefined;
  forget(open.openSince, open.openAt.indexOf(server));
  forget(open.openAt, open.openAt.indexOf(server));
  // Who dials in vain is waiting already: that is no data on its way.
  const event = world.blank(BROKEN, open.client, server, op, cause, false, how === 2 ? 0 : 1);
  event.a = how;
  return event;
}

/** The first retransmission of a client's TCP connection, and the longest pause between two (RFC 6298 section 2 with Linux's limits), in microseconds. */
const RETRY_US = 200_000;
const LONGEST_RETRY_US = 120_000_000;

/** Sends a filled event on its way, or loses it. */
function sendOff(world: World, event: Event, from: Proc, to: Proc, op: Op): void {
  const loss = world.network.ruled && from !== to ? lossOnWay(world, from, to, op, true) : undefined;
  if (loss !== undefined) {
    drop(world, event, loss);
    return;
  }
  event.at = arrivalUs(world, from, to, op, event.background);
  world.push(event);
}

/**
 * A lost message. Between servers it stays lost: their protocols repeat what matters. A client's connection is a TCP stream, which sends again, ever more
 * slowly, until the operation is over: what was lost in a cut arrives after it, if anybody still waits.
 */
function drop(world: World, event: Event, loss: Loss): void {
  world.trace?.add(LOST, world.nowUs, event.to, event.from, event.cause, event.op, 0, loss);
  if ((event.from < world.size && event.to < world.size) || !world.open.has(event.op)) {
    world.queue.release(event);
    return;
  }
  event.at = world.nowUs + Math.min(LONGEST_RETRY_US, RETRY_US * (1 << Math.min(event.attempts, 10)));
  // It is the open operation that waits, not this attempt: a client that has given up leaves no work behind.
  event.weight = 0;
  event.attempts++;
  event.waiting = true;
  world.push(event);
}

/** The next attempt of a client's connection. */
export function sendAgain(world: World, event: Event): void {
  event.waiting = false;
  event.weight = 1;
  if (world.open.has(event.op)) sendOff(world, event, event.from, event.to, event.op);
  else world.queue.release(event);
}

/** Takes one element off a short list, in place: `splice` would make an array of what it removed. */
function forget(list: number[], at: number): void {
  if (at < 0) return;
  for (let i = at + 1; i < list.length; i++) list[i - 1] = list[i] as number;
  list.pop();
}
