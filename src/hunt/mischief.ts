import type { Proc } from '../core/ids.ts';
import { unreachable } from '../core/unreachable.ts';
import type { Dice } from './dice.ts';
import type { Mood } from './mood.ts';
import { duration, type Trial } from './trial.ts';

/** What faults are laid upon. */
export interface Lay {
  readonly trial: Trial;
  readonly dice: Dice;
  readonly mood: Mood;
  readonly size: number;
  victim: Proc;
  name(proc: Proc): string;
  aim(): Proc;
  span(): number;
  say(line: string): void;
}

const RATES = [0.1, 0.25, 0.5, 0.8, 0.9, 1.1, 1.25, 2, 4, 10];
const LOSSES = [10, 30, 50, 80, 100];

/** One fault of those that the run may use, where it applies. */
export function layFault(on: Lay): void {
  const kind = on.dice.pick(on.mood.faults);
  const victim = on.aim();
  on.victim = victim;
  const node = on.trial.node(victim);
  const name = on.name(victim);
  switch (kind) {
    case 'partition':
      layPartition(on, victim);
      return;
    case 'cut':
    case 'delay':
    case 'loss':
      layLink(on, kind, victim);
      return;
    case 'crash':
      if (node.up) on.say(`crash ${crowd(on, victim, (proc) => on.trial.node(proc).up)}`);
      return;
    case 'powerloss':
      if (!node.silent) on.say(`powerloss ${crowd(on, victim, (proc) => !on.trial.node(proc).silent)}`);
      return;
    case 'pause':
      if (node.up) on.say(on.dice.chance(0.5) ? `pause ${name}` : `pause ${name} ${duration(on.span())}`);
      return;
    case 'slow':
      on.say(`slow ${name} ${duration(Math.min(on.span(), 1_000_000))}`);
      return;
    case 'skew':
      on.say(
        `skew ${name} ${on.dice.chance(0.5) ? '+' : '-'}${duration(on.dice.chance(0.5) ? on.span() : 1000 * on.dice.scaled(1, 100_000))}`,
      );
      return;
    case 'drift':
      on.say(`drift ${name} ${on.dice.pick(RATES)}x`);
      return;
    default:
      unreachable(kind);
  }
}

/** Mostly one; now and then several, or all. */
function crowd(on: Lay, victim: Proc, fits: (proc: Proc) => boolean): string {
  const others = all(on).filter((proc) => proc !== victim && fits(proc));
  const share = on.dice.pick([0, 0, 0, 0.5, 1]);
  return [victim, ...on.dice.some(others, share)].map((proc) => on.name(proc)).join(' ');
}

function all({ size }: Lay): Proc[] {
  return Array.from({ length: size }, (_, proc) => proc);
}

/** Two sides or three. What is most telling: the victim alone, the victim with a few, and somebody who changes sides. */
function layPartition(on: Lay, victim: Proc): void {
  const { dice, size } = on;
  if (size < 2) return;
  const others = all(on).filter((proc) => proc !== victim);
  const way = dice.weighted([4, 3, 2, 1, 4]);
  let side = [victim];
  if (way === 1) side.push(dice.pick(others));
  else if (way === 2) side = dice.some(all(on), 0.5);
  else if (way === 3) {
    layThree(on);
    return;
  } else if (way === 4) {
    const { network } = on.trial.live.world;
    const rule = network.rules.find((one) => one.kind === 'partition');
    if (rule?.kind === 'partition') {
      const mover = dice.pick(all(on));
      const first = rule.group.get(victim);
      side = all(on).filter((proc) => (rule.group.get(proc) === first) !== (proc === mover));
    }
  }
  if (side.length === 0 || side.length === size) side = [victim];
  on.say(`partition ${names(on, side)}`);
}

function layThree(on: Lay): void {
  const groups: Proc[][] = [[], [], []];
  for (const proc of all(on)) groups[on.dice.int(0, 2)]?.push(proc);
  const full = groups.filter((group) => group.length > 0);
  if (full.length > 1) on.say(`partition ${full.map((group) => names(on, group)).join(' | ')}`);
}

function names(on: Lay, procs: readonly Proc[]): string {
  return [...procs]
    .sort((a, b) => a - b)
    .map((proc) => on.name(proc))
    .join(' ');
}

function layLink(on: Lay, kind: 'cut' | 'delay' | 'loss', victim: Proc): void {
  const { dice, size } = on;
  if (size < 2) return;
  const other = dice.pick(all(on).filter((proc) => proc !== victim));
  const [from, to] = dice.chance(0.5) ? [victim, other] : [other, victim];
  const link = `${on.name(from)} ${dice.chance(0.5) ? '-> ' : ''}${on.name(to)}`;
  if (kind === 'cut') on.say(`cut ${link}`);
  else if (kind === 'loss') on.say(`loss ${link} ${dice.pick(LOSSES)}%`);
  else on.say(`delay ${link} ${duration(Math.min(on.span(), 2_000_000))}`);
}

/** Mends one of the things that are broken, if any is. */
export function mendFault(on: Lay): void {
  const { nodes, network } = on.trial.live.world;
  const mends: string[] = [];
  if (network.rules.length > 0) mends.push('heal', 'heal');
  for (const rule of network.rules.slice(0, 3)) if (rule.kind !== 'partition') mends.push(`heal ${on.name(rule.from)} ${on.name(rule.to)}`);
  for (const node of nodes.slice(0, on.size)) {
    const name = on.name(node.self);
    // Who is down comes back more often than others mend: a cluster of the dead shows nothing.
    if (!node.up) mends.push(`restart ${name}`, `restart ${name}`, `restart ${name}`);
    if (node.paused) mends.push(`resume ${name}`);
    if (node.slowUs > 0) mends.push(`slow ${name} 0ms`);
    if (node.rate !== 1) mends.push(`drift ${name} 1x`);
    if (node.offsetUs !== 0) mends.push(`skew ${name} 0s`);
  }
  if (mends.length > 0) on.say(on.dice.pick(mends));
}
