import type { Op, Proc } from '../core/ids.ts';
import { CLIENT_US, type Network } from './network.ts';
import type { Loss } from './trace.ts';
import type { World } from './world.ts';

/**
 * Ways through the network. Between servers a way is one link. A client sits beside a node, so its way to another node is that node's link, and rules
 * that name the client itself stand before it.
 */

/** What stops a message on the way from `from` to `to` now; `dice` rolls for lossy links (once, when it is sent). */
export function lossOnWay(world: World, from: Proc, to: Proc, op: Op, dice: boolean): Loss | undefined {
  const { network, nowUs, size } = world;
  const direct = lossOnLink(network, from, to, nowUs, dice);
  if (direct !== undefined || (from < size && to < size)) return direct;
  const client = from < size ? to : from;
  const beside = placeOf(world, client, op);
  const server = from < size ? from : to;
  if (beside === server || namedInPartition(network, client)) return undefined;
  return from === client ? lossOnLink(network, beside, to, nowUs, dice) : lossOnLink(network, from, beside, nowUs, dice);
}

function lossOnLink(network: Network, from: Proc, to: Proc, nowUs: number, dice: boolean): Loss | undefined {
  const link = from * network.size + to;
  const command = network.blocked[link] as number;
  if (command !== 0) return { why: 'cut', command };
  if ((network.deadUntilUs[link] as number) > nowUs) return { why: 'reconnecting', command: network.mendedBy[link] as number };
  if (dice && network.loses(from, to)) {
    const rule = network.rules.find((r) => r.kind === 'loss' && r.from === from && r.to === to);
    return { why: 'loss', command: rule?.command ?? 0 };
  }
  return undefined;
}

/** When a message sent now arrives. A process hears itself at once. */
export function arrivalUs(world: World, from: Proc, to: Proc, op: Op, beat: boolean): number {
  const { network, nowUs, size } = world;
  if (from === to) return nowUs;
  if (from < size && to < size) return network.arrivalUs(from, to, nowUs, beat);
  const client = from < size ? to : from;
  const beside = placeOf(world, client, op);
  const server = from < size ? from : to;
  const link = from * network.size + to;
  const named = network.delayUs[link] as number;
  if (named >= 0) return network.inOrder(link, nowUs + named);
  if (beside === server) return network.inOrder(link, nowUs + CLIENT_US);
  const onNodes = network.delayUs[from === client ? beside * network.size + to : from * network.size + beside] as number;
  return onNodes >= 0 ? network.inOrder(link, nowUs + onNodes) : network.arrivalUs(from, to, nowUs, beat);
}

/** Whether a server runs and can be talked to both ways, for those who ask what is still to come. A link that is coming back counts. */
export function reaches(world: World, from: Proc, to: Proc): boolean {
  const peer = world.nodes[to];
  if (peer === undefined || !peer.up || peer.paused) return false;
  const { blocked, size } = world.network;
  return blocked[from * size + to] === 0 && blocked[to * size + from] === 0;
}

function placeOf(world: World, client: Proc, op: Op): Proc {
  return world.open.get(op)?.at ?? (world.nodes[client]?.home as Proc);
}

function namedInPartition(network: Network, client: Proc): boolean {
  return network.rules.some((rule) => rule.kind === 'partition' && rule.group.has(client));
}
