import { describe, expect, it } from 'vitest';
import { expectations } from '../../src/commands/hunt-expect.ts';
import { Dice } from '../../src/hunt/dice.ts';
import { drawMood } from '../../src/hunt/mood.ts';
import { runDrawn, runScript, scriptOf } from '../../src/hunt/run.ts';
import { Schedule } from '../../src/hunt/schedule.ts';
import { shrink } from '../../src/hunt/shrink.ts';
import { simpler, withFruit, withoutNode } from '../../src/hunt/simpler.ts';
import { duration, Trial } from '../../src/hunt/trial.ts';
import { Watch } from '../../src/hunt/watch.ts';
import { startLine } from '../../src/session/script.ts';
import { again, firstOf, huntFor, typed } from './hunts.ts';

/** One run as it is drawn, whatever it shows. */
function drawn(cluster: string, property: string, run: number): Trial {
  const hunt = huntFor(property, cluster);
  const dice = new Dice(1, run);
  const setup = { ...(hunt.ground.setups[0] as (typeof hunt.ground.setups)[number]), seed: dice.draw() };
  const trial = new Trial(hunt.phrases, setup, 40_000);
  new Schedule(trial, dice, drawMood(dice, setup, hunt.bounds, 'mostly'), new Watch(hunt.goal, expectations), 20_000_000).play();
  return trial;
}

describe('a run of a hunt is a session', () => {
  // Whatever a hunt leaves out to be fast (replies, moments, undo) and whatever it does event by event (waits for news) must make no difference.
  for (const [cluster, property] of [
    ['etcd', 'not linearizable'],
    ['etcd', 'two leaders'],
    ['cassandra level=quorum', 'stale read'],
  ] as const) {
    it(`${property} on ${cluster}: the same history to the microsecond`, () => {
      let operations = 0;
      for (let run = 0; run < 8; run++) {
        const trial = drawn(cluster, property, run);
        const { session } = typed([startLine(trial.setup), ...trial.lines]);
        expect(session.live.history.items).toEqual(trial.live.history.items);
        expect([...session.live.rows.map.values()].map((row) => row.stale)).toEqual(
          [...trial.live.rows.map.values()].map((row) => row.stale),
        );
        expect([session.nowUs, session.live.world.events]).toEqual([trial.live.world.nowUs, trial.live.world.events]);
        operations += trial.live.history.items.length;
      }
      expect(operations).toBeGreaterThan(25);
    });
  }

  it('is drawn from the seed and its number alone', () => {
    const script = (seed: number, run: number, before: readonly number[]): unknown => {
      const hunt = huntFor('not linearizable', 'etcd bug=local-read', { seed });
      for (const other of before) runDrawn(hunt, other);
      const { found, ...figures } = runDrawn(hunt, run);
      return [figures, found === undefined ? undefined : scriptOf(found)];
    };
    for (const run of [0, 3, 23]) {
      expect(script(1, run, [5, 9, 2])).toEqual(script(1, run, []));
      expect(script(2, run, [])).not.toEqual(script(1, run, []));
      expect(script(1, run + 1, [])).not.toEqual(script(1, run, []));
    }
  });
});

describe('a wait for news', () => {
  it('ends at the moment of the news, as a plain wait of that length does, and not before', () => {
    const hunt = huntFor('two leaders');
    const setup = { ...(hunt.ground.setups[0] as (typeof hunt.ground.setups)[number]), seed: 7 };
    const trial = new Trial(hunt.phrases, setup, 40_000);
    trial.say('partition a');
    const news = trial.waitForNews('leader', () => false);
    const who = news === 'spent' ? undefined : news.proc;
    expect([1, 2]).toContain(who);
    const [us] = trial.took.slice(-1) as [number];
    const leads = (waited: number): boolean => {
      const other = new Trial(hunt.phrases, setup, 40_000);
      other.say('partition a');
      other.say(`wait ${duration(waited)}`);
      return other.leads(who as number) > 0;
    };
    expect([leads(us - 1), leads(us)]).toEqual([false, true]);
  });

  it('is no line of a script', () => {
    const hunt = huntFor('two leaders');
    const setup = { ...(hunt.ground.setups[0] as (typeof hunt.ground.setups)[number]), seed: 7 };
    const trial = new Trial(hunt.phrases, setup, 40_000);
    trial.waitForNews('leader', () => true);
    expect([trial.lines, trial.n]).toEqual([[], 1]);
  });
});

describe('what is found', () => {
  const quests = [
    ['stale read', 'etcd bug=local-read', 400],
    ['not linearizable', 'etcd bug=skip-log-check', 400],
    ['two leaders', 'etcd bug=vote-twice', 400],
    ['lost write', 'cassandra', 400],
    ['expect not stale', 'cassandra', 100],
    ['diverged', 'cassandra', 100],
  ] as const;
  for (const [property, cluster, runs] of quests) {
    it(`${property} on ${cluster}: shows it again, also when it is made smaller`, () => {
      const hunt = huntFor(property, cluster);
      const { found } = firstOf(hunt, runs);
      expect(again(hunt, found)?.lines).toEqual(found.lines);
      const steps = shrink(hunt, found);
      let step = steps.next();
      while (step.done !== true) step = steps.next();
      const small = step.value.found;
      expect(small.lines.length).toBeLessThanOrEqual(found.lines.length);
      expect(small.lines.length).toBeLessThan(16);
      expect(again(hunt, small)?.reason).toBe(small.reason);
      const { session, replies } = typed(scriptOf(small));
      const last = replies.at(-1)?.rows.at(-1);
      if (property === 'expect not stale') expect(last).toMatchObject({ held: false });
      else if (property !== 'two leaders') expect(last).toMatchObject({ held: true });
      else expect(twoLed(replies.flatMap(({ rows }) => rows.flatMap(({ nodes }) => nodes ?? [])))).toBe(true);
      expect(session.system).toBe(cluster.split(' ')[0]);
    });
  }

  it('nothing, where nothing is wrong', () => {
    for (const property of ['not linearizable', 'two leaders', 'diverged', 'lost write']) {
      const hunt = huntFor(property, 'etcd', { faults: ['partition', 'crash', 'powerloss', 'pause'] });
      for (let run = 0; run < 20; run++) expect(runDrawn(hunt, run).found).toBeUndefined();
    }
  });
});

describe('only when all is mended and at rest', () => {
  const shows = (property: string, cluster: string, lines: readonly string[]): boolean => {
    const hunt = huntFor(property, cluster);
    return runScript(hunt, { ...(hunt.ground.setups[0] as (typeof hunt.ground.setups)[number]), seed: 1 }, lines).found !== undefined;
  };

  it('is a write lost that nobody reads', () => {
    const early = ['set x v1 @b &', 'wait 400us', 'read x'];
    expect(shows('stale read', 'cassandra', early)).toBe(true);
    expect(shows('lost write', 'cassandra', early)).toBe(false);
    const gone = ['set x v1', 'powerloss a', 'restart', 'settle', 'read x'];
    expect(shows('lost write', 'cassandra', gone)).toBe(true);
    expect(shows('lost write', 'cassandra', gone.toSpliced(3, 1))).toBe(false);
  });

  it('have replicas diverged that differ', () => {
    expect(shows('diverged', 'cassandra', ['set x v1', 'powerloss c', 'restart', 'settle'])).toBe(true);
    expect(shows('diverged', 'cassandra', ['set x v1', 'powerloss c', 'restart'])).toBe(false);
    expect(shows('diverged', 'etcd', ['set x v1 &', 'wait 2ms'])).toBe(false);
    expect(shows('diverged', 'etcd', ['partition c', 'set x v1', 'wait 5s'])).toBe(false);
  });
});

/** Whether two different nodes led the same term in what was shown of a cluster, now or earlier. */
function twoLed(shown: readonly unknown[]): boolean {
  const led = new Map<number, Set<string>>();
  for (const nodes of shown) {
    for (const [name, state] of Object.entries(nodes as Record<string, { readonly role: string; readonly term: number }>)) {
      if (state.role === 'leader') led.set(state.term, (led.get(state.term) ?? new Set()).add(name));
    }
  }
  return [...led.values()].some((names) => names.size > 1);
}

describe('smaller scripts', () => {
  it('leave out what is not needed, and name what is left as a book would', () => {
    const hunt = huntFor('stale read', 'etcd bug=local-read');
    const [setup] = hunt.ground.setups;
    const lines = [
      'set y v9',
      'crash c',
      'restart c',
      'partition c',
      'ann: read y',
      'set x v1 @b',
      'delay a b 3ms',
      'wait 2ms',
      'read x @c',
      'heal',
    ];
    const found = again(hunt, { setup: { ...(setup as NonNullable<typeof setup>), seed: 77 }, lines, took: [], ending: [], reason: '' });
    const steps = shrink(hunt, found as NonNullable<typeof found>);
    let step = steps.next();
    while (step.done !== true) step = steps.next();
    expect(scriptOf(step.value.found)).toEqual([
      'use etcd a b c bug=local-read seed=1',
      'partition c',
      'set x apple',
      'read x @c',
      'expect stale',
    ]);
  });

  it('are tried with simpler lines', () => {
    expect(simpler('ann: cas x v1 v2 @b &')).toEqual(['cas x v1 v2 @b &', 'ann: cas x v1 v2 @b', 'ann: cas x v1 v2 &']);
    expect(simpler('cas x v1 v2')).toEqual(['set x v2']);
    expect(simpler('partition a b')).toEqual(['partition b', 'partition a']);
    expect(simpler('wait 3ms')).toEqual(['wait 1ms', 'wait 2ms', 'wait 5ms']);
    expect(simpler('loss a -> b 50%')).toEqual(['cut a -> b', 'loss a b 50%']);
    expect(simpler('set x apple')).toEqual([]);
  });

  it('without a node leave out what is said of it alone', () => {
    const nodes = ['a', 'b', 'c', 'd'];
    expect(withoutNode(['set x v1 @b', 'partition a b | c d', 'read x @d', 'crash b'], nodes, 1)).toEqual([
      'set x v1',
      'partition a | b c',
      'read x @c',
      'crash',
    ]);
  });

  it('are told in fruit where there is enough of it', () => {
    expect(withFruit(['set x v7', 'cas x v7 v2', 'read x'])).toEqual(['set x apple', 'cas x apple banana', 'read x']);
    expect(withFruit(['read x'])).toBeUndefined();
    expect(withFruit(Array.from({ length: 13 }, (_, i) => `set x v${i}`))).toBeUndefined();
  });
});
