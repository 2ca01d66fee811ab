import { isProblem } from '../core/problem.ts';
import { parseDuration } from '../core/units.ts';
import type { Setup } from '../session/live.ts';
import type { OperationSpec, System } from '../systems/index.ts';
import type { Bounds } from './bounds.ts';
import type { Dice } from './dice.ts';
import type { FaultKind } from './faults.ts';

/**
 * What one run is like. Swarm testing (Groce et al., ISSTA 2012): a run that uses only some of the features, and each in its own measure, gets to states that runs
 * with a little of everything hardly ever reach.
 */
export interface Mood {
  readonly faults: readonly FaultKind[];
  readonly verbs: readonly OperationSpec[];
  readonly keys: readonly string[];
  readonly clients: readonly string[];
  /** The share of operations that nobody waits for. */
  readonly background: number;
  /** How often the leader is the victim, and the victim is the one that clients talk to. */
  readonly aimed: number;
  readonly operations: number;
  readonly weights: {
    readonly operation: number;
    readonly fault: number;
    readonly mend: number;
    readonly wait: number;
    /** Of bringing the leader down and striking when the next one leads. */
    readonly coup: number;
  };
  /** Weights of waiting until something happens, for a moment, and for as long as something takes. */
  readonly waits: readonly [news: number, short: number, long: number];
  /** Whether the run ends mended, at rest and read. */
  readonly closes: boolean;
  /** Times that matter to this system, in microseconds, ascending. */
  readonly scales: readonly number[];
}

/** Operations on registers whose words a hunt can fill in. */
export function verbsOf(system: System): readonly OperationSpec[] {
  const known = ['key', 'value', 'expected', 'expected|none'];
  return system.operations.filter(
    ({ kind, words }) =>
      (kind === 'write' || kind === 'read' || kind === 'delete' || kind === 'cas') && words.every((word) => known.includes(word)),
  );
}

/** The longest time that a single wait may take, in microseconds: what is longer is for other things than schedules. */
const LONGEST_US = 20_000_000;

/** The durations in the system's own options, as they are set: its heartbeats, its timeouts, its leases. */
export function scalesOf({ system, options, net }: Setup, most: number): readonly number[] {
  const own = system.options.flatMap(({ name, values, default: usual }) => {
    const us = values === 'duration' ? parseDuration(options[name] ?? usual ?? '') : 0;
    return isProblem(us) || us === 0 ? [] : [us];
  });
  const times = [...own, net === 'wan' ? 80_000 : 1000, 150_000, 1_000_000].filter((us) => us <= Math.min(LONGEST_US, most));
  return [...new Set(times)].sort((a, b) => a - b);
}

const CLIENTS = ['you', 'ann', 'bob'];

export function drawMood(dice: Dice, setup: Setup, bounds: Bounds, closes: 'always' | 'never' | 'mostly'): Mood {
  const { system, nodes } = setup;
  const verbs = verbsOf(system);
  const some = dice.some(bounds.faults, dice.pick([0.2, 0.4, 0.7]));
  const faults = some.length === 0 && bounds.faults.length > 0 ? [dice.pick(bounds.faults)] : some;
  const rare = verbs.filter(({ kind }) => (kind === 'delete' || kind === 'cas') && dice.chance(0.25));
  return {
    faults,
    verbs: [...verbs.filter(({ kind }) => kind === 'write' || kind === 'read'), ...rare],
    keys: dice.chance(0.7) ? ['x'] : ['x', 'y'],
    clients: CLIENTS.filter((name) => !nodes.includes(name)).slice(0, dice.weighted([6, 2, 2]) + 1),
    background: dice.pick([0, 0.3, 0.7, 1]),
    aimed: dice.pick([0, 0.5, 0.9]),
    operations: dice.int(Math.min(2, bounds.operations), bounds.operations),
    weights: {
      operation: 4,
      fault: dice.pick([0.5, 1, 2, 4]),
      mend: dice.pick([0.2, 0.5, 1, 2]),
      wait: dice.pick([0.5, 1, 3]),
      coup: system.pulse === undefined || faults.length === 0 ? 0 : dice.pick([0, 0.5, 2, 8]),
    },
    waits: [dice.pick([0, 1, 4]), dice.pick([0, 1, 4]), dice.pick([0.2, 1, 4])],
    closes: closes === 'always' || (closes === 'mostly' && dice.chance(0.7)),
    scales: scalesOf(setup, bounds.timeUs),
  };
}
