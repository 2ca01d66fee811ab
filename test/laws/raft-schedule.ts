import fc from 'fast-check';
import type { Op, Proc } from '../../src/core/ids.ts';
import * as faults from '../../src/sim/faults.ts';
import { Lab } from './raft-lab.ts';
import { Watch } from './raft-watch.ts';

/** One thing that happens to the cluster. `node` is taken modulo its size. */
export type Step =
  | { readonly do: 'set' | 'read' | 'crash' | 'powerloss' | 'restart' | 'resume'; readonly node: number }
  | { readonly do: 'pause'; readonly node: number; readonly ms: number }
  | { readonly do: 'slow'; readonly node: number; readonly ms: number }
  | { readonly do: 'drift'; readonly node: number; readonly rate: number }
  | { readonly do: 'partition'; readonly groups: readonly number[] }
  | { readonly do: 'loss'; readonly node: number; readonly share: number }
  | { readonly do: 'heal' }
  | { readonly do: 'wait'; readonly ms: number };

export interface Schedule {
  readonly size: number;
  readonly seed: number;
  readonly options: Record<string, string>;
  readonly steps: readonly Step[];
}

const node = fc.nat(4);

export const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constantFrom('set', 'read'), node }) as fc.Arbitrary<Step> },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('wait'),
      ms: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 100, max: 4000 })),
    }) as fc.Arbitrary<Step>,
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constantFrom('crash', 'powerloss', 'restart', 'restart', 'resume'), node }) as fc.Arbitrary<Step>,
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('partition'),
      groups: fc.array(fc.nat(1), { minLength: 5, maxLength: 5 }),
    }) as fc.Arbitrary<Step>,
  },
  { weight: 1, arbitrary: fc.constant<Step>({ do: 'heal' }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('pause'), node, ms: fc.integer({ min: 10, max: 6000 }) }) as fc.Arbitrary<Step> },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('slow'), node, ms: fc.constantFrom(0, 5, 300, 900) }) as fc.Arbitrary<Step> },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('drift'), node, rate: fc.constantFrom(0.25, 0.9, 1, 1.5, 4) }) as fc.Arbitrary<Step>,
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('loss'), node, share: fc.constantFrom(0, 0.1, 0.5) }) as fc.Arbitrary<Step> },
);

export const schedule = (options: Record<string, string>): fc.Arbitrary<Schedule> =>
  fc.record({
    size: fc.constantFrom(3, 3, 5),
    seed: fc.nat(1_000_000),
    options: fc.constant(options),
    steps: fc.array(step, { minLength: 5, maxLength: 45 }),
  });

/** What a run showed: broken properties of Raft, and reads that returned less than was acknowledged before they began. */
export interface Findings {
  readonly broken: readonly string[];
  readonly stale: readonly Op[];
  readonly lab: Lab;
}

/** Runs a schedule, looking at every server after every millisecond or so of anything that matters. */
export function run(s: Schedule): Findings {
  const lab = new Lab(s.size, s.options, { seed: s.seed });
  const watch = new Watch();
  const writes = new Map<string, Op>();
  const reads: Op[] = [];
  for (const what of s.steps) {
    perform(lab, watch, what, writes, reads);
    pass(lab, watch, 2);
  }
  lab.heal();
  for (let i = 0; i < s.size; i++) perform(lab, watch, { do: 'resume', node: i }, writes, reads);
  for (let i = 0; i < s.size; i++) perform(lab, watch, { do: 'restart', node: i }, writes, reads);
  pass(lab, watch, 5000);
  perform(lab, watch, { do: 'read', node: 0 }, writes, reads);
  pass(lab, watch, 15_000);
  return { broken: watch.broken, stale: staleReads(lab, writes, reads), lab };
}

function pass(lab: Lab, watch: Watch, ms: number): void {
  // Elections and commits take about a millisecond: look often enough to see each.
  const sliceUs = ms > 200 ? 5000 : 500;
  for (let us = 0; us < ms * 1000; us += sliceUs) {
    lab.wait(sliceUs);
    watch.look(lab);
  }
}

function perform(lab: Lab, watch: Watch, what: Step, writes: Map<string, Op>, reads: Op[]): void {
  const { world } = lab;
  if (what.do === 'wait') pass(lab, watch, what.ms);
  else if (what.do === 'heal') lab.heal();
  else if (what.do === 'partition') lab.partition(what.groups.slice(0, world.size));
  else performAt(lab, what, writes, reads);
}

type NodeStep = Extract<Step, { readonly node: number }>;

/** A step that happens at one node; a node in the wrong condition for it is left alone. */
function performAt(lab: Lab, what: NodeStep, writes: Map<string, Op>, reads: Op[]): void {
  const { world } = lab;
  const proc: Proc = what.node % world.size;
  const target = world.nodes[proc];
  if (target === undefined) return;
  switch (what.do) {
    case 'set': {
      const value = `v${writes.size + 1}`;
      writes.set(value, lab.call('set', { key: 'x', value }, proc));
      return;
    }
    case 'read':
      reads.push(lab.call('read', { key: 'x' }, proc));
      return;
    case 'crash':
      if (target.up) faults.crash(world, proc, lab.next());
      return;
    case 'powerloss':
      if (target.up) faults.powerLoss(world, proc, lab.next());
      return;
    case 'restart':
      if (!target.up) faults.restart(world, proc, lab.next());
      return;
    case 'pause':
      if (target.up && !target.paused) faults.pause(world, proc, what.ms * 1000, lab.next());
      return;
    case 'resume':
      if (target.up && target.paused) faults.resume(world, proc, lab.next());
      return;
    case 'slow':
      faults.slow(world, proc, what.ms * 1000, lab.next());
      return;
    case 'drift':
      faults.drift(world, proc, what.rate, lab.next());
      return;
    case 'loss': {
      const command = lab.next();
      const rules = Array.from({ length: world.size }, (_, to) => ({
        command,
        kind: 'loss' as const,
        from: proc,
        to,
        share: what.share,
      })).filter((r) => r.to !== proc);
      lab.lay([...rules, ...lab.rules]);
      return;
    }
  }
}

/** LANGUAGE section 5, "Stale": some write was acknowledged before the read began, and what the read returned had been overwritten by then. */
function staleReads(lab: Lab, writes: ReadonlyMap<string, Op>, reads: readonly Op[]): Op[] {
  const done = new Map(lab.world.finished.map((f) => [f.op, f]));
  return reads.filter((op) => {
    const read = done.get(op);
    if (read?.outcome.status !== 'ok') return false;
    const source = typeof read.outcome.value === 'string' ? writes.get(read.outcome.value) : 0;
    const sourceDone = source === undefined || source === 0 ? undefined : done.get(source);
    const returnedAt = source === 0 ? 0 : sourceDone?.outcome.status === 'ok' ? sourceDone.returnRank : Number.POSITIVE_INFINITY;
    return [...writes.values()].some((w) => {
      const write = done.get(w);
      return write?.outcome.status === 'ok' && write.returnRank < read.callRank && returnedAt < write.callRank;
    });
  });
}
