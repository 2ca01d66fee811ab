import type { Proc } from '../core/ids.ts';
import { formatDuration } from '../core/units.ts';
import type { Node } from '../sim/node.ts';
import type { NodeState } from '../systems/index.ts';
import type { Live } from './live.ts';
import type { NodeOverview, Overview } from './types.ts';

/** The cluster as pictures draw it. `texts` gives the command behind a number. */
export function overview(live: Live, texts: ReadonlyMap<number, string>): Overview {
  const sides = sidesOf(live);
  const cutBy = sides.length > 1 ? cutCommand(live) : 0;
  return {
    system: live.system.name,
    title: live.system.title,
    seed: live.setup.seed,
    nowUs: live.world.nowUs,
    client: live.current,
    nodes: live.nodes.map((name, i) => nodeOverview(live, name, i)),
    clients: [...live.clients.values()].map((client) => ({ name: client.name, home: live.name(client.home) })),
    sides,
    ...(cutBy === 0 ? {} : { cutBy: { command: cutBy, text: texts.get(cutBy) ?? '' } }),
    faults: faultsOf(live, texts, cutBy),
  };
}

/** What one server shows of itself. */
export function inspect(live: Live, proc: Proc): NodeState {
  const node = live.world.nodes[proc] as Node;
  const found = live.system.inspect(node.up ? node.memory : undefined, node.disk, live.world.config as object, proc);
  const { note } = found;
  return {
    ...found,
    figures: found.figures.map(([name, value]) => [name, withNames(live, value)]),
    details: found.details.map(([name, value]) => [withNames(live, name), withNames(live, value)]),
    ...(note === undefined ? {} : { note: withNames(live, note) }),
  };
}

/** `{node:0}` as that node's name. */
export function withNames(live: Live, text: string): string {
  return text.includes('{node:') ? text.replace(/\{node:(\d+)\}/g, (_, index) => live.name(Number(index))) : text;
}

export function conditionOf(node: Node): NodeOverview['condition'] {
  if (!node.up) return node.silent ? 'powered off' : 'crashed';
  return node.paused ? 'paused' : 'up';
}

function nodeOverview(live: Live, name: string, proc: Proc): NodeOverview {
  const node = live.world.nodes[proc] as Node;
  const state = inspect(live, proc);
  return {
    name,
    condition: conditionOf(node),
    role: state.role,
    leads: state.leads !== undefined,
    figures: state.figures,
    holds: state.holds.filter((held) => held.hidden !== true),
    ...(state.note === undefined ? {} : { note: state.note }),
  };
}

/**
 * The connected components of the servers, in node order: two servers are together if any way between them is open in both directions. Clients that a
 * partition names stand with the side they are on.
 */
export function sidesOf(live: Live): readonly (readonly string[])[] {
  const { network, size } = live.world;
  const named = [...live.clients.values()].filter((client) =>
    network.rules.some((rule) => rule.kind === 'partition' && rule.group.has(client.proc)),
  );
  const members = [...live.nodes.map((_, i) => i), ...named.map((client) => client.proc)];
  const joined = (a: Proc, b: Proc): boolean => network.blocked[a * network.size + b] === 0 && network.blocked[b * network.size + a] === 0;
  const side = new Map<Proc, Proc[]>();
  for (const first of members) {
    if (side.has(first) || first >= size) continue;
    const component: Proc[] = [];
    const todo = [first];
    side.set(first, component);
    for (let at = todo.pop(); at !== undefined; at = todo.pop()) {
      component.push(at);
      // Ways lead through servers, not through clients.
      for (const next of members) {
        if (side.has(next) || at >= size || !joined(at, next)) continue;
        side.set(next, component);
        todo.push(next);
      }
    }
  }
  const components = [...new Set(side.values())];
  for (const client of named) if (!side.has(client.proc)) components.push([client.proc]);
  return components.map((component) => component.sort((a, b) => a - b).map((proc) => live.name(proc)));
}

function cutCommand(live: Live): number {
  return live.world.network.rules.find((rule) => rule.kind === 'partition' || rule.kind === 'cut')?.command ?? 0;
}

function faultsOf(live: Live, texts: ReadonlyMap<number, string>, shown: number): Overview['faults'] {
  const { network, nodes } = live.world;
  const commands = new Set<number>();
  for (const rule of network.rules) if (rule.command !== shown) commands.add(rule.command);
  const out = [...commands].reverse().map((command) => ({ command, text: texts.get(command) ?? '' }));
  for (const node of nodes) {
    const name = live.name(node.self);
    if (node.slowUs > 0) out.push({ command: node.slowBy, text: `slow ${name} ${formatDuration(node.slowUs)}` });
    if (node.offsetUs !== 0)
      out.push({
        command: node.clockBy,
        text: `clock of ${name} ${node.offsetUs > 0 ? '+' : '-'}${formatDuration(Math.abs(node.offsetUs))}`,
      });
    if (node.rate !== 1) out.push({ command: node.clockBy, text: `clock of ${name} runs at ${node.rate}x` });
  }
  return out;
}
