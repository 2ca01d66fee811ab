import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anySeed, anySystem, fingerprint, fresh, play, script, transcript } from '../harness/scripts.ts';

// What holds of any session, whatever is typed. Each law was seen to fail once on a broken core.

const runs = { numRuns: 60 };

describe('determinism', () => {
  it('prints the same bytes for the same lines and seed', () => {
    fc.assert(
      fc.property(anySystem, anySeed, script, (system, seed, lines) => {
        expect(transcript(fresh(system, seed), lines)).toBe(transcript(fresh(system, seed), lines));
      }),
      runs,
    );
  });

  it('does not depend on how finely a command is sliced', () => {
    fc.assert(
      fc.property(anySystem, anySeed, script, fc.integer({ min: 1, max: 40 }), (system, seed, lines, slice) => {
        const whole = fresh(system, seed);
        const sliced = fresh(system, seed);
        for (const line of lines) {
          play(whole, line);
          const statements = sliced.read(line);
          if (!Array.isArray(statements)) throw new Error(line);
          for (const statement of statements) {
            const job = sliced.execute(statement);
            while (!job.step(slice).done);
          }
        }
        expect(fingerprint(sliced)).toBe(fingerprint(whole));
      }),
      { numRuns: 20 },
    );
  });
});

describe('operations', () => {
  it('complete at most once each, and all have a row in the end', () => {
    fc.assert(
      fc.property(anySystem, anySeed, script, (system, seed, lines) => {
        const session = fresh(system, seed);
        const begun = new Set<number>();
        const ended: number[] = [];
        const verbs = session.live.system.operations.map((op) => op.verb);
        for (const line of lines) {
          for (const reply of play(session, line)) {
            if (reply.problem === undefined && verbs.includes(reply.statement.verb)) begun.add(reply.n);
            for (const row of reply.rows) if (row.call !== undefined) ended.push(row.n);
          }
        }
        const closing = session.close().step(Number.POSITIVE_INFINITY);
        if (!closing.done) throw new Error('a slice without an end ends');
        for (const row of closing.reply.rows) ended.push(row.n);
        expect([...ended].sort((a, b) => a - b)).toEqual([...begun]);
      }),
      runs,
    );
  });
});

describe('undo', () => {
  it('takes back each world-changing command exactly, and redo brings it back', () => {
    fc.assert(
      fc.property(anySystem, anySeed, script, (system, seed, lines) => {
        const session = fresh(system, seed);
        const states = [fingerprint(session)];
        for (const line of lines) {
          const head = session.head;
          play(session, line);
          if (session.head !== head) states.push(fingerprint(session));
        }
        for (let i = states.length - 2; i >= 0; i--) {
          play(session, 'undo');
          expect(fingerprint(session)).toBe(states[i]);
        }
        for (let i = 1; i < states.length; i++) {
          play(session, 'redo');
          expect(fingerprint(session)).toBe(states[i]);
        }
      }),
      runs,
    );
  });

  it('takes back a rewind, and a rewind leads to the state that was then', () => {
    fc.assert(
      fc.property(anySystem, anySeed, script, fc.double({ min: 0, max: 1, noNaN: true }), (system, seed, lines, share) => {
        const session = fresh(system, seed);
        for (const line of lines) play(session, line);
        const before = fingerprint(session);
        const us = Math.floor(session.nowUs * share);
        play(session, `rewind ${us}us`);
        expect(session.nowUs).toBe(us);
        play(session, 'undo');
        expect(fingerprint(session)).toBe(before);
      }),
      runs,
    );
  });

  it('leaves nothing behind when a command is cancelled half way', () => {
    fc.assert(
      fc.property(anySystem, anySeed, script, fc.integer({ min: 1, max: 200 }), (system, seed, lines, events) => {
        const session = fresh(system, seed);
        for (const line of lines) play(session, line);
        const before = fingerprint(session);
        const statements = session.read('wait 3s');
        if (!Array.isArray(statements)) throw new Error('wait 3s');
        const job = session.execute(statements[0]);
        if (job.step(events).done) return;
        job.cancel();
        expect(fingerprint(session)).toBe(before);
      }),
      { numRuns: 30 },
    );
  });
});

describe('branches', () => {
  it('stand where they were asked for, before the first command too, and leave the session as it was', () => {
    fc.assert(
      fc.property(anySystem, anySeed, script, (system, seed, lines) => {
        const session = fresh(system, seed);
        const states = [fingerprint(session)];
        for (const line of lines) {
          const head = session.head;
          play(session, line);
          if (session.head !== head) states.push(fingerprint(session));
        }
        const path = session.path();
        for (let i = 0; i < states.length; i++) {
          const branch = session.forkAt(path[i - 1]);
          expect(fingerprint(branch)).toBe(states[i]);
          play(branch, 'set x elsewhere');
        }
        expect(fingerprint(session)).toBe(states.at(-1));
      }),
      { numRuns: 20 },
    );
  });
});

describe('scripts', () => {
  it('a saved script rebuilds the world', () => {
    fc.assert(
      fc.property(anySystem, anySeed, script, (system, seed, lines) => {
        const session = fresh(system, seed);
        for (const line of lines) play(session, line);
        const rebuilt = fresh('etcd', 1);
        for (const line of session.script().split('\n')) if (line !== '') play(rebuilt, line);
        // Numbers of commands differ, because refused and undone ones are not saved.
        expect(statesOf(rebuilt)).toBe(statesOf(session));
        expect(rebuilt.nowUs).toBe(session.nowUs);
      }),
      runs,
    );
  });
});

function statesOf(session: ReturnType<typeof fresh>): string {
  return transcript(session.fork(), ['state']);
}
