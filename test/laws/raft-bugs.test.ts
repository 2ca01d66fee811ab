import { describe, expect, it } from 'vitest';
import type { Proc } from '../../src/core/ids.ts';
import * as faults from '../../src/sim/faults.ts';
import { Lab } from './raft-lab.ts';
import { Watch } from './raft-watch.ts';

/**
 * Each of Raft's five decisions, on the schedule that needs it: with the decision broken the watch sees a promise fall, with it
 * intact the same schedule is harmless. So the laws of raft-safety.test.ts are known to have eyes.
 */
type Scenario = (bug: string) => { readonly broken: readonly string[]; readonly stale: boolean };

/** Runs event by event until `done`, looking after each. */
function stepUntil(lab: Lab, watch: Watch, done: () => boolean): void {
  for (let i = 0; i < 200_000 && !done(); i++) {
    lab.world.run(Number.POSITIVE_INFINITY, 0, 1);
    watch.look(lab);
  }
  expect(done()).toBe(true);
}

function pass(lab: Lab, watch: Watch, ms: number): void {
  const until = lab.world.nowUs + ms * 1000;
  while (lab.world.nowUs < until) {
    lab.wait(500);
    watch.look(lab);
  }
}

function leads(lab: Lab, proc: Proc, term: number): boolean {
  const raft = lab.memory(proc)?.raft;
  return raft?.role === 'leader' && raft.term >= term;
}

/** Servers 1 to 3 elect one of them for term 3; the voter among them that is no leader is cut off before it hears anything of its leader. */
function splitAfterVote(lab: Lab, watch: Watch): Proc {
  lab.partition([0, 1, 1, 1, 0]);
  stepUntil(lab, watch, () => [1, 2, 3].some((i) => leads(lab, i, 3)));
  const leader = [1, 2, 3].find((i) => leads(lab, i, 3)) as Proc;
  // The leader's majority: itself and a voter that voted for it.
  const voter = [1, 2, 3].find((i) => i !== leader && lab.memory(i)?.raft.vote === leader) as Proc;
  lab.partition([0, 1, 2, 3, 4].map((i) => (i === voter || i === 0 || i === 4 ? 0 : 1)));
  return voter;
}

const voteTwice: Scenario = (bug) => {
  const lab = new Lab(5, { bug });
  const watch = new Watch();
  splitAfterVote(lab, watch);
  pass(lab, watch, 5000);
  return { broken: watch.broken, stale: false };
};

const forgetVote: Scenario = (bug) => {
  const lab = new Lab(5, { bug });
  const watch = new Watch();
  const voter = splitAfterVote(lab, watch);
  faults.crash(lab.world, voter, lab.next());
  faults.restart(lab.world, voter, lab.next());
  pass(lab, watch, 5000);
  return { broken: watch.broken, stale: false };
};

/** Figure 8 of the Raft paper. */
const commitOldTerm: Scenario = (bug) => {
  const lab = new Lab(5, { bug });
  const watch = new Watch();
  lab.partition([0, 0, 1, 1, 1]);
  lab.call('set', { key: 'x', value: 'old' }, 0);
  pass(lab, watch, 100);
  stepUntil(lab, watch, () => [2, 3, 4].some((i) => leads(lab, i, 3)));
  const second = [2, 3, 4].find((i) => leads(lab, i, 3)) as Proc;
  // The second leader has an entry that nobody else has, and drops out.
  lab.partition([0, 1, 2, 3, 4].map((i) => (i === second ? 2 : i < 2 ? 0 : 1)));
  lab.call('set', { key: 'x', value: 'new' }, second);
  pass(lab, watch, 10);
  faults.crash(lab.world, second, lab.next());
  // One of the first two leads again and brings the old entry to a majority.
  lab.heal();
  stepUntil(lab, watch, () => [0, 1].some((i) => leads(lab, i, 4)));
  const third = [0, 1].find((i) => leads(lab, i, 4)) as Proc;
  pass(lab, watch, 50);
  for (const i of [0, 1]) faults.crash(lab.world, i, lab.next());
  faults.restart(lab.world, second, lab.next());
  pass(lab, watch, 8000);
  expect(third).toBeLessThan(2);
  return { broken: watch.broken, stale: false };
};

const skipLogCheck: Scenario = (bug) => {
  const broken: string[] = [];
  // Which of the two survivors stands first is the seed's choice: in some runs it is the one that lacks the write.
  for (let seed = 1; seed <= 4; seed++) {
    const lab = new Lab(3, { bug }, { seed });
    const watch = new Watch();
    lab.partition([0, 0, 1]);
    lab.set('x', 'apple');
    pass(lab, watch, 10);
    faults.crash(lab.world, 0, lab.next());
    lab.heal();
    pass(lab, watch, 5000);
    broken.push(...watch.broken);
  }
  return { broken, stale: false };
};

const localRead: Scenario = (bug) => {
  const lab = new Lab(3, { bug });
  lab.set('x', 'old');
  lab.wait(10_000);
  lab.partition([0, 0, 1]);
  lab.set('x', 'apple');
  const read = lab.read('x', 2);
  return { broken: [], stale: read.status === 'ok' && read.value === 'old' };
};

const scenarios: readonly (readonly [bug: string, breaks: string, scenario: Scenario])[] = [
  ['vote-twice', 'election safety', voteTwice],
  ['forget-vote', 'election safety', forgetVote],
  ['commit-old-term', 'state machine safety', commitOldTerm],
  ['skip-log-check', 'leader completeness', skipLogCheck],
  ['local-read', 'linearizable reads', localRead],
];

describe('every decision is needed', () => {
  for (const [bug, breaks, scenario] of scenarios) {
    it(`${bug} breaks ${breaks}`, () => {
      const { broken, stale } = scenario(bug);
      expect(stale || broken.some((what) => what.startsWith(breaks))).toBe(true);
    });
    it(`the same schedule without ${bug} is harmless`, () => {
      expect(scenario('none')).toEqual({ broken: [], stale: false });
    });
  }
});
