import type { Node } from './node.ts';
import { reaches } from './route.ts';
import type { World } from './world.ts';

/**
 * What the world still expects to happen by itself, or undefined when it only repeats itself: no operation is open, no data is in flight, and no server has
 * an election, a hint or a verdict ahead of it.
 */
export function unsettled(world: World): string | undefined {
  if (world.open.size > 0) return 'an operation';
  if (world.pending > 0) return 'data in flight';
  // Who was just joined again has not heard anybody yet, and does not know what it missed.
  if (world.nowUs < world.changedUs + Math.min(world.program.periodUs, LONGEST_NEWS_US)) return 'news of a change';
  const { replica } = world.program;
  for (const node of world.nodes.slice(0, world.size)) {
    if (!node.up || node.paused) continue;
    const what = replica.unsettled(world.envOf(node) as never, node.memory, (peer) => reaches(world, node.self, peer));
    if (what !== undefined) return what;
  }
  return undefined;
}

/** How long after a change of the network or of a process a cluster is not asked whether it has come to rest. */
const LONGEST_NEWS_US = 2_000_000;

/**
 * Leaps towards `limitUs` over time in which only periodic work would run. The state of a settled cluster after k periods is the state now, with the
 * times that its periodic work keeps moved on: heartbeats draw their latencies from streams of their own, so no other draw is missed. Stops before the
 * next timer that is not periodic. Returns how far it leapt, in microseconds: 0 where it must not.
 */
export function leap(world: World, limitUs: number): number {
  const { periodUs } = world.program;
  // The test for "settled" asks every server, so short waits are not worth it.
  if (limitUs - world.nowUs < 4 * periodUs) return 0;
  if (!mayLeap(world) || unsettled(world) !== undefined) return 0;
  const untilUs = world.queue.heap.reduce((least, event) => (event.background ? least : Math.min(least, event.at)), limitUs);
  const deltaUs = (Math.floor((untilUs - world.nowUs) / periodUs) - 1) * periodUs;
  if (deltaUs <= 0 || !shiftAll(world, deltaUs)) return 0;
  for (const event of world.queue.heap) if (event.background) event.at += deltaUs;
  world.queue.rebuild();
  const { lastArrivalUs } = world.network;
  for (let link = 0; link < lastArrivalUs.length; link++)
    if ((lastArrivalUs[link] as number) > world.nowUs) lastArrivalUs[link] = (lastArrivalUs[link] as number) + deltaUs;
  world.nowUs += deltaUs;
  return deltaUs;
}

/** Clocks at other rates have other periods, and dice may fall: then every event counts. A frozen process misses no more than stale heartbeats. */
function mayLeap(world: World): boolean {
  const { network } = world;
  network.refresh(world.nowUs);
  if (network.rules.some((rule) => rule.kind === 'loss' && rule.share > 0) || network.deadUntilUs.some((until) => until > world.nowUs))
    return false;
  return world.nodes.every((node) => node.rate === 1);
}

function shiftAll(world: World, deltaUs: number): boolean {
  const shifted: Node[] = [];
  const { replica } = world.program;
  for (const node of world.nodes.slice(0, world.size)) {
    if (!node.up || node.paused) continue;
    if (!replica.shift(world.envOf(node) as never, node.memory, deltaUs)) {
      for (const done of shifted) replica.shift(world.envOf(done) as never, done.memory, -deltaUs);
      return false;
    }
    shifted.push(node);
  }
  return true;
}
