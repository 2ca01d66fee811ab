import { describe, expect, it } from 'vitest';
import { ExerciseRun } from '../../src/book/exercise-run.ts';
import { NOT_TRIED } from '../../src/book/progress.ts';
import { finish, runLines, runStatement } from '../../src/book/task.ts';
import type { Open } from '../../src/book/types.ts';
import { runBlocks, SectionWorld } from '../../src/book/world.ts';
import { must } from '../../src/core/unreachable.ts';
import { parseLine } from '../../src/lang/parse.ts';
import type { Statement } from '../../src/lang/statement.ts';
import { chapterOf, DO, doOf, fence, open, PREDICT, predictOf } from './chapters.ts';

/** Types a line, as a reader of the lab does, and asks for the grade. */
function typed(run: ExerciseRun, source: string) {
  for (const statement of parseLine(source) as readonly Statement[]) finish(runStatement(run.session, statement));
  return finish(run.grade());
}

describe('a prediction', () => {
  const exercise = predictOf(PREDICT);
  const start = (): ExerciseRun => {
    const run = new ExerciseRun(exercise, open);
    finish(run.start());
    return run;
  };

  it('is decided by the run', () => {
    const run = start();
    const { ran, why } = finish(run.answer(0, 90));
    expect(ran.map(({ statement }) => statement.text)).toEqual(['read x@c']);
    expect(ran[0]?.reply.rows[0]).toMatchObject({ outcome: 'ok', value: 'init', stale: true });
    expect(why).toBeUndefined();
    expect(run.state).toMatchObject({ status: 'solved', choice: 0, right: 0, confidence: 90, attempts: 0 });
    expect(run.state.feedback).toBeUndefined();
    expect(run.progress).toEqual({ state: 'solved', attempts: 0, hints: 0, sawSolution: false, confidence: 90 });
  });

  it('says to whoever was wrong what came, and why', () => {
    const run = start();
    const { why } = finish(run.answer(1, 60));
    expect(run.state).toMatchObject({ status: 'missed', choice: 1, right: 0, attempts: 1, feedback: 'It cannot have heard of it.' });
    expect(why?.blocks.length).toBeGreaterThan(0);
  });

  it('does not ask what was tried before the answer', () => {
    const run = start();
    finish(runLines(run.session, predictOf(PREDICT.replace('command: read x@c', 'command: heal; settle')).command));
    finish(run.answer(0));
    expect(run.state.status).toBe('solved');
  });

  it('can be answered again after a reset, and keeps the first confidence', () => {
    const run = start();
    finish(run.answer(2, 100));
    run.reset();
    finish(run.start());
    expect(run.state).toMatchObject({ status: 'open', attempts: 1 });
    expect(run.state.choice).toBeUndefined();
    finish(run.answer(0, 50));
    expect(run.progress).toEqual({ state: 'solved', attempts: 1, hints: 0, sawSolution: false, confidence: 100 });
  });

  it('is not undone by a wrong answer after the right one', () => {
    const run = start();
    finish(run.answer(0));
    finish(run.answer(1));
    expect(run.state).toMatchObject({ status: 'solved', choice: 1, feedback: 'It cannot have heard of it.' });
  });

  it('throws where only a fault of ours can be the cause', () => {
    expect(() => finish(start().answer(3))).toThrow(/the choice is one of the exercise's 3/);
    expect(() => finish(start().grade())).toThrow(/only do exercises/);
  });
});

describe('a do exercise', () => {
  const exercise = doOf(DO);
  const start = (): ExerciseRun => {
    const run = new ExerciseRun(exercise, open);
    finish(run.start());
    return run;
  };

  it('is solved by any way that reaches the goal', () => {
    const run = start();
    expect(typed(run, 'pause c 10s').solved).toBe(false);
    expect(typed(run, 'cut a c; cut b c; set x pear').solved).toBe(false);
    expect(typed(run, 'resume c').solved).toBe(false);
    expect(typed(run, 'alice: read x@c --consistency=s').solved).toBe(true);
    expect(run.state).toMatchObject({ status: 'solved', goal: [{ text: 'expect stale', held: true }] });
  });

  it('leaves no trace of the grading in the world of the reader', () => {
    const run = start();
    const { commands, expectations } = run.session;
    const script = run.session.script();
    finish(run.grade());
    expect(run.session.script()).toBe(script);
    expect([run.session.commands, run.session.expectations]).toEqual([commands, expectations]);
  });

  it('answers a near miss with its own words, at the moment it happens and not later', () => {
    const run = start();
    expect(typed(run, 'partition c').near).toBeUndefined();
    typed(run, 'read x@c level=serializable');
    expect(run.state).toMatchObject({ status: 'open', attempts: 2, feedback: 'Nothing newer was written.' });
    typed(run, 'show');
    typed(run, 'set x apple');
    expect(run.state.feedback).toBeUndefined();
    typed(run, 'read  x @c');
    expect(run.state.feedback).toBe('An ordinary read refuses.');
  });

  it('knows a near miss by what it did to the world, where the author says how', () => {
    const run = new ExerciseRun(
      doOf(DO.replace('    feedback: Nothing newer', '    when: expect no leader\n    feedback: Nothing newer')),
      open,
    );
    finish(run.start());
    expect(typed(run, 'crash a b c').near?.feedback).toBe('Nothing newer was written.');
  });

  it('sees the whole of a world that was begun anew', () => {
    const run = start();
    typed(run, 'use etcd; set x init; wait 1s; partition c');
    typed(run, 'read x@c level=serializable');
    expect(run.state.feedback).toBe('Nothing newer was written.');
  });
});

describe('nobody is ever stuck', () => {
  const run = (): ExerciseRun => new ExerciseRun(doOf(DO), open);

  it('hints come one by one and end', () => {
    const one = run();
    expect([one.hint(), one.hint(), one.hint()]).toEqual(['Cut somebody off.', 'Then ask it for its own copy.', undefined]);
    expect(one.state).toMatchObject({ hints: ['Cut somebody off.', 'Then ask it for its own copy.'], moreHints: 0 });
  });

  it('the solution is shown, remembered, and can be typed', () => {
    const one = run();
    finish(one.start());
    const lines = one.solution();
    expect(lines).toEqual(['partition c', 'set x apple @a', 'read x@c level=serializable']);
    for (const line of lines) typed(one, line);
    expect(one.progress).toMatchObject({ state: 'solved', sawSolution: true });
  });

  it('what is skipped can still be solved, and what is solved is not skipped', () => {
    const one = run();
    finish(one.start());
    one.skip();
    expect(one.state.status).toBe('skipped');
    for (const line of one.solution()) typed(one, line);
    expect(one.state.status).toBe('solved');
    one.skip();
    expect(one.state.status).toBe('solved');
  });

  it('a record of earlier tries is taken up', () => {
    const one = new ExerciseRun(doOf(DO), open, { ...NOT_TRIED, state: 'skipped', attempts: 3, hints: 1 });
    expect(one.state).toMatchObject({ status: 'skipped', attempts: 3, hints: ['Cut somebody off.'], moreHints: 1 });
  });

  it('an exercise that does not work says so', () => {
    const broken = new ExerciseRun(doOf(DO.replace('wait 1s', 'partition z')), open);
    finish(broken.start());
    expect(broken.state.problem?.toString()).toMatch(/z/);
  });
});

describe('a section', () => {
  const blocks = ['set x apple', 'read x', 'set x pear', 'read x'].map((source) => fence('cap', source)).join('\n');
  const section = must(chapterOf(blocks).sections[0], 'the chapter has an opening');
  const [one, two, , four] = runBlocks(section);
  const world = (): SectionWorld => new SectionWorld(section, open);
  const texts = (run: ReturnType<SectionWorld['run']>): string[] => finish(run).map(({ statement }) => statement.text);

  it('runs the earlier blocks first, once', () => {
    const w = world();
    expect(texts(w.run(must(two, 'block 2')))).toEqual(['set x apple', 'read x']);
    expect(w.next).toBe(section.blocks[2]);
    expect(texts(w.run(must(four, 'block 4')))).toEqual(['set x pear', 'read x']);
    expect(w.next).toBeUndefined();
  });

  it('begins anew for a block that has been run', () => {
    const w = world();
    finish(w.run(must(four, 'block 4')));
    expect(texts(w.run(must(two, 'block 2')))).toEqual(['set x apple', 'read x']);
    expect([w.hasRun(must(two, 'block 2')), w.hasRun(must(four, 'block 4'))]).toEqual([true, false]);
    expect(w.session.commands).toBe(2);
  });

  it('takes back the command that was dropped half-way, and begins anew', () => {
    const w = new SectionWorld(section, slowly);
    const task = w.run(must(four, 'block 4'));
    while (w.session.commands < 3) expect(task.next().done).toBe(false);
    task.return([]);
    expect(w.session.script()).not.toContain('pear');
    expect([w.hasRun(must(one, 'block 1')), w.hasRun(must(four, 'block 4'))]).toEqual([true, false]);
    expect(texts(w.run(must(four, 'block 4')))).toEqual(['set x apple', 'read x', 'set x pear', 'read x']);
    expect(w.session.commands).toBe(4);
  });
});

/** Sessions whose commands take many slices. */
const slowly: Open = (options) => {
  const session = open(options);
  const execute = session.execute.bind(session);
  session.execute = (statement, line) => {
    const job = execute(statement, line);
    return { step: () => job.step(1), cancel: () => job.cancel() };
  };
  return session;
};
