import { NO_OP, type Proc } from '../core/ids.ts';
import { must } from '../core/unreachable.ts';
import { breakConnection } from './delivery.ts';
import type { NetRule } from './network.ts';
import type { Node } from './node.ts';
import { RESUME } from './queue.ts';
import { FAULT, type Fault } from './trace.ts';
import type { World } from './world.ts';

/**
 * What can go wrong, and its mending. Each names the command that did it, so that a lost message can be blamed on it. Callers have checked that the fault
 * applies (a node that is down does not crash again).
 */
function nodeOf(world: World, proc: Proc): Node {
  return must(world.nodes[proc], `process ${proc} exists`);
}

function record(world: World, fault: Fault): number {
  world.changedUs = world.nowUs;
  return world.trace?.add(FAULT, world.nowUs, fault.nodes[0] ?? -1, -1, 0, NO_OP, 0, fault) ?? 0;
}

/** kill -9: memory is gone, the operating system keeps every disk write and resets the connections. */
export function crash(world: World, proc: Proc, command: number): void {
  const row = record(world, { command, what: 'crash', nodes: [proc] });
  const node = nodeOf(world, proc);
  stop(world, node, command);
  for (const open of [...world.open.values()]) if (open.openAt.includes(proc)) breakConnection(world, open.op, proc, 1, row);
}

/** The machine goes dark: only what was flushed is left, and nobody tells anybody. */
export function powerLoss(world: World, proc: Proc, command: number): void {
  record(world, { command, what: 'power loss', nodes: [proc] });
  const node = nodeOf(world, proc);
  if (node.up) stop(world, node, command);
  node.downBy = command;
  node.silent = true;
  node.disk.loseUnflushed();
}

function stop(world: World, node: Node, command: number): void {
  // Timers in the queue go at once; those that wait in the inbox of a frozen process go with the inbox.
  for (const event of node.timers.all()) if (event.pos >= 0) world.withdraw(event, node);
  node.timers.clear();
  node.inbox = [];
  node.up = false;
  node.paused = false;
  node.memory = undefined;
  node.downBy = command;
  node.epoch++;
}

export function restart(world: World, proc: Proc, command: number): void {
  record(world, { command, what: 'restart', nodes: [proc] });
  const node = nodeOf(world, proc);
  node.up = true;
  node.silent = false;
  node.flushDoneUs = world.nowUs;
  world.boot(node, undefined);
}

/** Freezes a process while its clock runs; `forUs` undefined: until `resume`. */
export function pause(world: World, proc: Proc, forUs: number | undefined, command: number): void {
  record(world, { command, what: 'pause', nodes: [proc] });
  const node = nodeOf(world, proc);
  node.paused = true;
  node.pausedBy = command;
  if (forUs === undefined) return;
  const event = world.blank(RESUME, proc, proc, NO_OP, 0, false, 0);
  event.at = world.nowUs + forUs;
  event.a = command;
  event.epoch = node.epoch;
  world.push(event);
}

export function resume(world: World, proc: Proc, command: number): void {
  record(world, { command, what: 'resume', nodes: [proc] });
  world.wake(nodeOf(world, proc));
}

export function slow(world: World, proc: Proc, byUs: number, command: number): void {
  record(world, { command, what: 'slow', nodes: [proc] });
  const node = nodeOf(world, proc);
  node.slowUs = byUs;
  node.slowBy = command;
}

/** Sets the wall clock `offsetUs` beside the oscillator. Timers do not notice. */
export function skew(world: World, proc: Proc, offsetUs: number, command: number): void {
  record(world, { command, what: 'skew', nodes: [proc] });
  const node = nodeOf(world, proc);
  node.offsetUs = offsetUs;
  node.clockBy = command;
}

/** Runs the oscillator at `rate`; what is left of each armed timer stretches or shrinks with it. */
export function drift(world: World, proc: Proc, rate: number, command: number): void {
  record(world, { command, what: 'drift', nodes: [proc] });
  const node = nodeOf(world, proc);
  const stretch = node.rate / rate;
  node.drift(rate, world.nowUs);
  node.clockBy = command;
  for (const event of node.timers.all()) {
    if (event.pos < 0) continue;
    world.queue.remove(event);
    event.at = world.nowUs + Math.ceil((event.at - world.nowUs) * stretch);
    world.queue.push(event);
  }
}

/** Lays the network's rules anew, newest first. */
export function layRules(world: World, rules: readonly NetRule[], command: number, nodes: readonly Proc[]): void {
  record(world, { command, what: 'network', nodes });
  world.network.lay(rules, world.nowUs, command);
}

export function setConfig(world: World, config: unknown, command: number): void {
  record(world, { command, what: 'config', nodes: [] });
  world.config = config;
}
